#include "protocol/fields.h"

#include <boost/json/value.hpp>
#include <cmath>
#include <utility>

#include "base/json_text.h"

namespace piste::protocol {

namespace json = boost::json;

namespace {

std::string must_be(std::string_view name, std::string_view what) {
  return std::string(name) + " must be " + std::string(what);
}

// The value as a whole number, if it is one that an int64 holds.
std::optional<std::int64_t> as_whole(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (!value.is_double()) return std::nullopt;  // an unsigned here is beyond an int64
  const double number = value.get_double();
  constexpr double bound = 9007199254740992.0;  // 2^53: beyond, a double does not say which number was meant
  if (!(std::abs(number) < bound) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<types::Spot> as_spot(const json::value& value) {
  const json::array* const pair = value.if_array();
  if (!pair || pair->size() != 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) return std::nullopt;
  return types::Spot{(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()};
}

std::string range_text(std::int64_t low, std::int64_t high) {
  return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

const json::value* Fields::find(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

void Fields::complain(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

std::optional<std::string> Fields::text(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  complain(must_be(name, "text"));
  return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  complain(must_be(name, "true or false"));
  return std::nullopt;
}

std::optional<double> Fields::number(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  complain(must_be(name, "a number"));
  return std::nullopt;
}

std::optional<std::vector<types::Spot>> Fields::spots(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  std::vector<types::Spot> spots;
  const json::array* const all = value->if_array();
  for (std::size_t i = 0; all && i < all->size(); ++i) {
    const auto spot = as_spot((*all)[i]);
    if (!spot) break;
    spots.push_back(*spot);
  }
  if (all && spots.size() == all->size()) return spots;
  complain(must_be(name, "points [x, y] in pixels, as [[320, 240], [960, 240]]"));
  return std::nullopt;
}

std::optional<std::int64_t> Fields::hint(std::string_view name, std::int64_t low, std::int64_t high) const {
  const json::value* value = find(name);
  const auto number = value ? as_whole(*value) : std::nullopt;
  return number && *number >= low && *number <= high ? number : std::nullopt;
}

std::optional<double> Fields::finite(std::string_view name) const {
  const json::value* value = find(name);
  if (!value || !value->is_number()) return std::nullopt;
  const auto number = value->to_number<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

const json::array* Fields::list(std::string_view name) {
  const json::value* value = find(name);
  const json::array* list = value ? value->if_array() : nullptr;
  if (!list) complain(must_be(name, "a list"));
  return list;
}

std::optional<std::int64_t> Fields::whole(std::string_view name, std::int64_t low, std::int64_t high) {
  const auto number = hint(name, low, high);
  if (!number && find(name)) complain(must_be(name, range_text(low, high)));
  return number;
}

double Fields::required_number(std::string_view name) {
  if (!find(name)) complain(must_be(name, "a number"));
  return number(name).value_or(0);
}

std::int64_t Fields::required_whole(std::string_view name, std::int64_t low, std::int64_t high) {
  if (!find(name)) complain(must_be(name, range_text(low, high)));
  return whole(name, low, high).value_or(0);
}

std::string Fields::echo(std::string_view name) const {
  const json::value* value = find(name);
  if (!value) return {};
  return value->is_string() || value->is_number() ? base::json_text(*value) : std::string();
}

}  // namespace piste::protocol
