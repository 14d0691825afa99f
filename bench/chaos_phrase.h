// The phrase that goes through the chaos, and what must have come of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "types/frame.h"

namespace piste::bench {

struct ChaosPhrase {
  std::filesystem::path video;  // JPEGs, which the client sends as they are
  std::filesystem::path signal;
  std::vector<types::Bytes> frames;
  int width = 0;
  int height = 0;
  double fps = 0;
};

// A sample phrase, drawn. Throws where it cannot be made.
ChaosPhrase draw_phrase(const std::filesystem::path& sample, const std::filesystem::path& referee,
                        const std::filesystem::path& scratch);

struct Delivered {
  int exit_code = 0;
  std::string said;     // by the client
  std::string verdict;  // winner, reason and confidence
  std::filesystem::path artifacts;
};

// The client's whole course, in this process.
Delivered stream_phrase(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id, bool realtime,
                        const std::filesystem::path& scratch);

// Sends the phrase over a connection that is gone before the verdict.
void leave_phrase(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id);

// What is wrong with the result of a phrase that was left, when there is one; empty: nothing. Waits for it.
std::string fault_of_left(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id);

// What is wrong with what arrived; empty: every frame is there once, bit for bit.
std::string difference(const ChaosPhrase& phrase, const std::filesystem::path& artifacts);

}  // namespace piste::bench
