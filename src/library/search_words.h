// The words of a search, as people type them.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace piste::library {

inline std::vector<std::string_view> search_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace piste::library
