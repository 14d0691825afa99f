#include "artifacts/json_text.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace piste::artifacts {
namespace {

namespace json = boost::json;

class Printer {
 public:
  std::string take() { return std::move(text_); }

  // Depth is what this module builds (never foreign JSON), so recursion is safe.
  void print(const json::value& value) {
    if (const auto* object = value.if_object()) {
      print_object(*object);
    } else if (const auto* array = value.if_array()) {
      print_array(*array);
    } else if (const auto* number = value.if_double()) {
      print_number(*number);
    } else {
      text_ += json::serialize(value);
    }
  }

 private:
  void print_object(const json::object& object) {
    char before = '{';
    for (const auto& [name, value] : object) {
      text_ += std::exchange(before, ',');
      text_ += json::serialize(name);
      text_ += ':';
      print(value);
    }
    text_ += object.empty() ? "{}" : "}";
  }

  void print_array(const json::array& array) {
    char before = '[';
    for (const auto& value : array) {
      text_ += std::exchange(before, ',');
      print(value);
    }
    text_ += array.empty() ? "[]" : "]";
  }

  void print_number(double number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
  }

  std::string text_;
};

}  // namespace

std::string to_text(const json::value& value) {
  Printer printer;
  printer.print(value);
  return printer.take();
}

json::value rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double unit = std::pow(10, decimals);
  const double result = std::round(value * unit) / unit;
  return std::isfinite(result) ? result + 0.0 : value;  // + 0.0: no minus zero
}

json::string clean(const std::string& text) {
  return json::string(base::escaped(text));
}

}  // namespace piste::artifacts
