// What the reader of a result should know of its scoring log. Bounded, however long the log is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "types/said.h"

namespace piste::scoring {

class Warnings {
 public:
  void add(types::Said text) {
    if (texts_.size() < most) texts_.push_back(std::move(text));
    ++count_;
  }

  // line: foreign bytes; a short piece of them is quoted, escaped.
  void add(std::size_t line_number, std::string_view what, std::string_view line) {
    if (texts_.size() >= most) return add("");  // only counted
    const std::string cut = line.size() > longest_quote ? "..." : "";
    add(types::said("line_ignored", {{"line", static_cast<double>(line_number)},
                                     {"why", std::string(what)},
                                     {"quoted", base::escaped(line.substr(0, longest_quote)) + cut}}));
  }

  // The first ones, and how many more there were.
  std::vector<types::Said> texts() && {
    if (count_ > texts_.size())
      texts_.push_back(types::said("and_more", {{"count", static_cast<double>(count_ - texts_.size())}}));
    return std::move(texts_);
  }

 private:
  static constexpr std::size_t most = 20;
  static constexpr std::size_t longest_quote = 80;  // bytes
  std::vector<types::Said> texts_;
  std::size_t count_ = 0;
};

}  // namespace piste::scoring
