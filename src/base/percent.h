// Text as a part of a URL.
#pragma once

#include <string>
#include <string_view>

namespace piste::base {

// All but the characters that RFC 3986 does not reserve, and those in `kept`, as %XX.
inline std::string percent_encoded(std::string_view text, std::string_view kept = "") {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "-._~";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || marks.find(c) != std::string_view::npos || kept.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace piste::base
