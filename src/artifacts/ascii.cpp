#include "artifacts/ascii.h"

#include <array>
#include <cstdint>
#include <utility>

namespace piste::artifacts {
namespace {

// U+00C0 .. U+017F, one place a character; a space: not a letter with an accent, or two letters (below).
constexpr std::string_view plain_letters =
    "AAAAAA CEEEEIIIIDNOOOOO OUUUUY  aaaaaa ceeeeiiiidnooooo ouuuuy y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi  JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo  RrRrRrSsSsSsSsTtTtTt"
    "UuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(plain_letters.size() == 0x180 - 0xC0);

constexpr std::array<std::pair<char32_t, std::string_view>, 24> others{{
    {0xA0, " "},   {0xB0, " deg"}, {0xB1, "+-"},   {0xB5, "u"},     {0xC6, "AE"},   {0xDF, "ss"},
    {0xE6, "ae"},  {0xD7, "x"},    {0xF7, "/"},    {0xDE, "Th"},    {0xFE, "th"},   {0x132, "IJ"},
    {0x133, "ij"}, {0x152, "OE"},  {0x153, "oe"},  {0x2013, "-"},   {0x2014, "-"},  {0x2018, "'"},
    {0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x2026, "..."}, {0x2192, "->"}, {0x2190, "<-"},
}};

std::string_view replacement(char32_t code) {
  for (const auto& [known, text] : others) {
    if (known == code) return text;
  }
  if (code >= 0xC0 && code < 0x180 && plain_letters[code - 0xC0] != ' ')
    return plain_letters.substr(code - 0xC0, 1);
  return "?";
}

// The next character of text, which is removed from it. A byte that is not UTF-8 counts as one.
char32_t take_character(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? first : first & (0xFF >> (length + 1));
  std::size_t taken = 1;
  while (taken < length && taken < text.size() && (text[taken] & 0xC0) == 0x80) {
    code = code << 6 | (static_cast<std::uint8_t>(text[taken++]) & 0x3F);
  }
  text.remove_prefix(taken);
  return taken == length && (length > 1 || first < 0x80) ? code : 0xFFFD;
}

}  // namespace

std::string to_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t code = take_character(text);
    if (code < 0x20 || code == 0x7F) {
      out += ' ';
    } else if (code < 0x7F) {
      out += static_cast<char>(code);
    } else {
      out += replacement(code);
    }
  }
  return out;
}

}  // namespace piste::artifacts
