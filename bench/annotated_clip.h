// Clips in which a person marked both fencers' hips, and what of a track lies on them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pose_accuracy.h"
#include "types/side.h"
#include "types/track.h"

namespace piste::bench {

struct Mark {
  double x = 0;  // of the hips, pixels
  double y = 0;
  double height = 0;
};
using FencersMarks = types::PerSide<std::optional<Mark>>;

struct AnnotatedClip {
  std::string name;
  std::int64_t last = 0;  // the last picture that shows the scene
  std::map<std::int64_t, FencersMarks> frames;
};

// Throws where the file cannot be read.
std::vector<AnnotatedClip> read_annotations(const std::filesystem::path& path);

struct Found {
  int right = 0;
  int wrong = 0;
  int missing = 0;
  int swaps = 0;           // of the wrong: on the other fencer
  double doubt_right = 0;  // that he is the fencer: over those who are right ...
  double doubt_wrong = 0;  // ... and wrong

  int all() const { return right + wrong + missing; }
  void operator+=(const Found& other);
};

// In the frames that the tracks have. Says on stderr which marks were missed.
Found compare(const types::Tracks& tracks, const AnnotatedClip& clip);

void report(const std::string& name, const Found& found);

// To be drawn: all of a skeleton's points in its hips.
Reference reference_of(const AnnotatedClip& clip, std::size_t frames);

}  // namespace piste::bench
