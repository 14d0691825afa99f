// Fuzzer input as the readers take it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace piste::fuzz {

inline std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Takes a choice from the front, so that what follows stays as the format wants it. 0 where nothing is left.
inline unsigned take_choice(std::span<const std::uint8_t>& bytes) {
  if (bytes.empty()) return 0;
  const unsigned choice = bytes.front();
  bytes = bytes.subspan(1);
  return choice;
}

}  // namespace piste::fuzz
