#include "base/json_text.h"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <utility>

namespace piste::base {
namespace {

namespace json = boost::json;

// Depth is bounded where a value comes from: Boost.JSON reads 32 levels, our own have fewer.
void append(std::string& out, const json::value& value);

void append_object(std::string& out, const json::object& object) {
  char before = '{';
  for (const auto& [name, value] : object) {
    out += std::exchange(before, ',');
    out += json::serialize(name);
    out += ':';
    append(out, value);
  }
  out += object.empty() ? "{}" : "}";
}

void append_array(std::string& out, const json::array& array) {
  char before = '[';
  for (const auto& value : array) {
    out += std::exchange(before, ',');
    append(out, value);
  }
  out += array.empty() ? "[]" : "]";
}

void append(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    append_object(out, *object);
  } else if (const auto* array = value.if_array()) {
    append_array(out, *array);
  } else if (const auto* number = value.if_double()) {
    out += json_number(*number);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

std::string json_text(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace piste::base
