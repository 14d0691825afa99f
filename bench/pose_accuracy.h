// How far keypoints are from a reference: what bench_pose says of accuracy.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::bench {

using Fencers = types::PerSide<types::Keypoints>;

struct Reference {
  std::vector<Fencers> frames;
  std::size_t last_reliable = 0;  // frames after it are not counted
};

struct Accuracy {
  std::size_t frames = 0;
  std::size_t both_found = 0;  // frames in which each fencer's skeleton lies on its own reference
  std::size_t joints = 0;
  std::size_t correct =
      0;  // joints nearer than a fifth of the torso (middle of the shoulders to that of the hips)
  double error_sum = 0;  // px

  double found() const { return frames ? static_cast<double>(both_found) / frames : 0; }
  double pck() const { return joints ? static_cast<double>(correct) / joints : 0; }
  double mean_error() const { return joints ? error_sum / joints : 0; }
};

// {"keypoints": frames x [left, right] x 17 x [x, y], "reliable_frames": [first, last]}; the error is for
// people.
base::Result<Reference, int> read_reference(const std::filesystem::path& file);

// The keypoints that a service's result holds, where a client asked for them. Throws where there are none.
std::vector<Fencers> keypoints_in(const std::string& result_json);

// found: by frame; a fencer who was not found has only scores of 0. A joint that was not found counts as
// wrong.
Accuracy compare(const Reference& reference, const std::vector<Fencers>& found);

}  // namespace piste::bench
