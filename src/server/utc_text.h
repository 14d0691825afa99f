// A moment as JSON has it.
#pragma once

#include <array>
#include <ctime>
#include <string>

namespace piste::server {

// "2026-11-28T18:30:00Z"
inline std::string utc_text(std::time_t time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace piste::server
