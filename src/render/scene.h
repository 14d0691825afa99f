// What happens in a phrase, ready to be drawn at any size and rate: two skeletons over time, the box's events
// and log. Lengths are in units of about a metre, x to the right, y DOWN, as in the recorded phrases;
// pictures come later.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "types/phrase.h"
#include "types/pose.h"
#include "types/side.h"
#include "types/verdict.h"

namespace piste::render {

struct Point {
  double x = 0;
  double y = 0;
};

using Skeleton = std::array<Point, types::joint::count>;  // COCO order, anatomical left and right

struct Stance {
  Skeleton joints{};
  Point tip;  // of the blade, which begins at the weapon hand
};

// One fencer, sampled evenly: stances[i] is at i / rate seconds.
struct FencerTrack {
  std::vector<Stance> stances;
  double rate = 30;
  bool right_handed = true;

  // Between the samples: a cubic through them that does not overshoot. Before the first and after the last:
  // held. Precondition: there is at least one stance.
  Stance at(double time) const;
};

struct Scene {
  std::string id;
  types::PerSide<FencerTrack> fencers;
  double duration = 0;               // s
  types::Phrase phrase;              // the touches light the lamps; times in s since the first frame
  std::string scoring_log;           // what the box writes of it; empty where nobody knows
  std::optional<double> lamps_last;  // s that a touch's lamp stays on; nullopt: to the end
  std::optional<double>
      centre;  // x that should be in the middle of the picture; nullopt: the fencers' middle
  std::optional<types::Winner> verdict;  // the right one, where the author of the phrase says so
};

}  // namespace piste::render
