// The referee from pixels: recorded phrases drawn as video and run through the whole pipeline, beside the
// verdicts from their keypoints.
#pragma once

#include <cstddef>
#include <filesystem>

namespace piste::bench {

struct FromVideo {
  std::filesystem::path rows;    // phrases.jsonl.gz
  std::filesystem::path models;  // folder
  std::filesystem::path cache;   // drawn videos are kept here; drawing takes longer than all the rest
  std::size_t phrases = 45;      // spread evenly over all that have keypoints and both lamps
};

// Prints a JSON line for each phrase and one for all; a table on stderr. Throws where something cannot be
// read.
void measure_from_video(const FromVideo& options);

}  // namespace piste::bench
