// Recorded phrases drawn in halls that are full: spectators, a referee, another pair, somebody who walks
// through. Whether the two are found all the same, and the verdict is that of the same phrase alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace piste::bench {

struct EyesCompany {
  std::filesystem::path rows;    // phrases.jsonl.gz
  std::filesystem::path models;  // folder
  std::size_t phrases = 20;      // spread evenly over all that have keypoints and both lamps
  // Every other one of them is held back: a tracker that is tuned to some is measured on the others.
  bool held_back = false;
  std::size_t from = 0;           // of this half, this one and those behind it
  std::size_t count = 1000;       // of them, at most
  std::vector<std::string> only;  // names of halls; empty: all
  // Folder that keeps the films and what the networks said of them, with rounded crops: the tracks alone are
  // then judged, in seconds. Empty: the whole pipeline, as in the service.
  std::filesystem::path cache;
  std::filesystem::path pictures;  // folder to draw what was found into; empty: none. With a cache
};

std::vector<std::string> company_halls();

// Prints a JSON line for each phrase, each company and all; a table on stderr. Throws where something cannot
// be read.
void measure_company(const EyesCompany& options);

}  // namespace piste::bench
