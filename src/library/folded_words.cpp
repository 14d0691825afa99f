#include "library/folded_words.h"

namespace piste::library {
namespace {

// The base letters of U+00C0 to U+00FF and U+0100 to U+017F.
constexpr std::string_view latin =
    "aaaaaaaceeeeiiiidnooooo ouuuuyts"
    "aaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
constexpr unsigned first_latin = 0xC0, first_accent = 0x300, last_accent = 0x36F;
static_assert(latin.size() == 0x180 - first_latin);

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

}  // namespace

std::string folded_words(std::string_view utf8) {
  std::string out;
  bool within = false;
  const auto put = [&](char c) {
    const bool parts = c == ' ';
    if (!parts && !within) out += ' ';
    if (!parts) out += c;
    within = !parts;
  };
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const unsigned char lead = byte_at(utf8, i), next = byte_at(utf8, i + 1);
    const unsigned code =
        lead >= 0xC3 && lead <= 0xCD && (next & 0xC0u) == 0x80 ? (lead & 0x1Fu) << 6 | (next & 0x3Fu) : 0;
    if (code >= first_latin && code < first_latin + latin.size()) {
      put(latin[code - first_latin]);
      ++i;
    } else if (code >= first_accent && code <= last_accent) {
      ++i;
    } else if (lead >= 'A' && lead <= 'Z') {
      put(static_cast<char>(lead - 'A' + 'a'));
    } else {
      const bool of_a_word = (lead >= 'a' && lead <= 'z') || (lead >= '0' && lead <= '9') || lead >= 0x80;
      put(of_a_word ? utf8[i] : ' ');
    }
  }
  return out;
}

}  // namespace piste::library
