// Numbers in text from outside.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace piste::base {

// The whole text as a Number, as std::from_chars reads it; nullopt where anything else is in it, or it does
// not fit.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const char* last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, number);
  if (failed != std::errc() || end != last) return std::nullopt;
  return number;
}

}  // namespace piste::base
