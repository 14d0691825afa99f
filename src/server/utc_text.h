// A moment as JSON has it, and as folders are named by it.
#pragma once

#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace piste::server {

// "2026-11-28T18:30:00Z"
inline std::string utc_text(std::time_t time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

// "20261128" or "20261128T183000Z" of a day, "2026-11-28", or a moment like that above: how the names of
// phrases' folders begin. nullopt: it is neither.
inline std::optional<std::string> folder_time(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != ':') out.push_back(c);
  constexpr std::string_view pattern = "00000000T000000Z";
  if (out.size() != 8 && out.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool digit = out[i] >= '0' && out[i] <= '9';
    if (pattern[i] == '0' ? !digit : out[i] != pattern[i]) return std::nullopt;
  }
  return out;
}

}  // namespace piste::server
