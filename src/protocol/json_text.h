// JSON text written by hand: for answers that are sent thousands of times a second, and for texts that embed
// others.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/json_text.h"

namespace piste::protocol {

std::string json_string(std::string_view value);  // quoted and escaped; bytes that are not UTF-8 as \xNN

// An object, field by field: JsonObject().add("type", "pong").add("n", 3).text().
class JsonObject {
 public:
  JsonObject& add(std::string_view name, std::string_view value) { return raw(name, json_string(value)); }
  JsonObject& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  JsonObject& add(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonObject& add(std::string_view name, double value) { return raw(name, base::json_number(value)); }
  template <std::integral T>
  JsonObject& add(std::string_view name, T value) {
    return raw(name, std::to_string(value));
  }
  // value is JSON text.
  JsonObject& raw(std::string_view name, std::string_view value);
  // The object so far, complete.
  std::string text() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

}  // namespace piste::protocol
