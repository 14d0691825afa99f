#include "artifacts/paragraph.h"

#include <array>
#include <cstdio>
#include <sstream>

#include "artifacts/canvas.h"

namespace piste::artifacts {
namespace {

// A unit stays with its number.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    if (word.size() == 1 && !words.empty())
      words.back() += ' ' + word;
    else
      words.push_back(word);
  }
  return words;
}

}  // namespace

std::vector<std::string> wrapped(const std::string& text, double letters, double width, std::size_t most) {
  std::vector<std::string> lines(1);
  for (const std::string& word : words_of(text)) {
    const std::string longer = lines.back().empty() ? word : lines.back() + ' ' + word;
    if (Lettering::width(longer, letters, false) <= width || lines.back().empty()) {
      lines.back() = longer;
    } else if (lines.size() == most) {
      lines.back() += " ...";
      break;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string seconds_text(double seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2f s", seconds);
  return text.data();
}

}  // namespace piste::artifacts
