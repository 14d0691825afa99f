// Old results are removed where the settings say so, and only there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace piste::session {

struct Shelf;

// 0: for ever, without limit.
struct Retention {
  std::chrono::hours age{0};
  std::uint64_t bytes = 0;
  bool stored_only = false;  // what is not elsewhere too stays
};

// Removes phrases' folders: those older than the age, then the oldest until the rest fits. A phrase counts
// from the moment of its result, one whose record cannot be read from its last change. What has neither, or
// is held by somebody, and what is not a phrase's folder, stays. Returns how many went.
std::size_t remove_old(const Shelf& shelf, const Retention& retention, std::filesystem::file_time_type now);

}  // namespace piste::session
