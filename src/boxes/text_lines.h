// A stream as lines of text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/number.h"

namespace piste::boxes {

// Lines end with LF or CR LF; empty ones are none. A byte order mark in front of the first is no part of it.
class TextLines {
 public:
  explicit TextLines(std::size_t longest) : longest_(longest) {}

  // The line that ends with this character, if one does. What is longer than `longest` is cut there.
  std::optional<std::string> next(char character) {
    if (character == '\n') return rest();
    if (line_.size() < longest_) line_ += character;
    return std::nullopt;
  }
  // What came since the last line's end.
  std::optional<std::string> rest() {
    if (std::exchange(first_, false) && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
    if (line_.ends_with('\r')) line_.pop_back();
    if (line_.empty()) return std::nullopt;
    return std::exchange(line_, {});
  }

 private:
  const std::size_t longest_;
  std::string line_;
  bool first_ = true;
};

// Takes "12.345 " from the line's front: the seconds at which it came, as a recorder may have noted them.
inline std::optional<double> take_time(std::string_view& line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto seconds = base::number_in<double>(line.substr(0, space));
  if (!seconds || !(*seconds >= 0 && *seconds < 1e10)) return std::nullopt;
  line.remove_prefix(space + 1);
  return seconds;
}

}  // namespace piste::boxes
