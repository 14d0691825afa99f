// How well the fencers were seen: what a verdict that rests on their motion is worth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "types/said.h"
#include "types/side.h"

namespace piste::types {

// A stretch of time in which a fencer was seen badly; frame numbers are inclusive.
struct Lapse {
  enum class Kind : std::uint8_t {
    unseen,  // nobody was found; whoever is found afterwards may be somebody else
    faint,   // the model hardly knows where the body is
    leap,    // faster than anybody is: another person may have been taken for the fencer
    rivals,  // other people there look as much like the two who fence
  };
  Kind kind = Kind::unseen;
  double start = 0;  // seconds since the phrase's first frame
  double end = 0;
  std::int64_t first_frame = 0;
  std::int64_t last_frame = 0;
  Said text;  // for people
};

constexpr std::string_view to_string(Lapse::Kind kind) {
  switch (kind) {
    case Lapse::Kind::faint:
      return "faint";
    case Lapse::Kind::leap:
      return "leap";
    case Lapse::Kind::rivals:
      return "rivals";
    default:
      return "unseen";
  }
}

// Of a stretch of time.
struct Seen {
  double part = 0;             // of the frames, 0..1
  double score = 0;            // mean of the body's keypoints in them, 0..1
  double torso_variation = 0;  // standard deviation of the torso's length over its mean
  double fastest_step = 0;     // of the hips, units/s (a unit is about a metre)
  double doubt = 0;            // mean, 0..1: how nearly others looked as much like the two who fence
};

struct FencerQuality {
  Seen phrase;                // up to the hit
  Seen last_second;           // before the hit
  double height = 0;          // median, in the tracks' lengths: pixels
  double believed = 1;        // 0..1: what is left of what the motion says
  std::vector<Lapse> lapses;  // in order of time, up to the hit
};

struct Quality {
  bool known = false;  // false: there is nothing to be measured
  PerSide<FencerQuality> fencers;
  double believed = 1;  // of both
};

}  // namespace piste::types
