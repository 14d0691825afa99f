#include "server/byte_range.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <charconv>

namespace piste::server {
namespace {

using Kind = WantedBytes::Kind;

// Digits only. Larger than any file where there are too many of them.
std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() ? value : UINT64_MAX;
}

// "-500": the last 500 bytes.
WantedBytes last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0 || size == 0) return {Kind::unreachable, {}};
  const std::uint64_t length = std::min(count, size);
  return {Kind::part, {size - length, length}};
}

}  // namespace

WantedBytes wanted_bytes(std::string_view range, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (range.size() < unit.size() || !boost::beast::iequals(range.substr(0, unit.size()), unit)) return {};
  range.remove_prefix(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) return last ? last_bytes(*last, size) : WantedBytes();
  const bool open_ended = dash + 1 == range.size();
  if (!first || (!last && !open_ended)) return {};
  const std::uint64_t end = last.value_or(UINT64_MAX);
  if (end < *first) return {};
  if (*first >= size) return {Kind::unreachable, {}};
  return {Kind::part, {*first, std::min(end, size - 1) - *first + 1}};
}

}  // namespace piste::server
