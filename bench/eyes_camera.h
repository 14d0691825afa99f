// Phrases drawn with a camera that swings, zooms and shakes, and judged from the pixels: how far the fencers'
// speeds are from the drawn ones, and whether the verdict is that of the same phrase on a tripod.
#pragma once

#include <cstddef>
#include <filesystem>

namespace piste::bench {

struct EyesCamera {
  std::filesystem::path rows;    // phrases.jsonl.gz
  std::filesystem::path models;  // folder
  std::size_t phrases = 34;      // spread evenly over all that have keypoints and both lamps
  std::size_t from = 0;          // of them, this one and those behind it: a slice of a run that takes hours
  std::size_t count = 1000;      // of them, at most
};

// Prints a JSON line for each phrase and one for all; a table on stderr. Throws where something cannot be
// read.
void measure_camera(const EyesCamera& options);

// Time of a picture of 1280x720 without decoding, on one core.
void measure_camera_time();

}  // namespace piste::bench
