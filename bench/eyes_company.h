// Recorded phrases drawn in halls that are full: spectators, a referee, another pair, somebody who walks
// through. Whether the two are found all the same, and the verdict is that of the same phrase alone.
#pragma once

#include <cstddef>
#include <filesystem>

namespace piste::bench {

struct EyesCompany {
  std::filesystem::path rows;    // phrases.jsonl.gz
  std::filesystem::path models;  // folder
  std::size_t phrases = 20;      // spread evenly over all that have keypoints and both lamps
  std::size_t from = 0;          // of them, this one and those behind it
  std::size_t count = 1000;      // of them, at most
};

// Prints a JSON line for each phrase, each company and all; a table on stderr. Throws where something cannot
// be read.
void measure_company(const EyesCompany& options);

}  // namespace piste::bench
