#include "scoring/plain_text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace piste::scoring {
namespace {

enum class ByteOrder { little, big };

constexpr char32_t unknown = 0xFFFD;

std::optional<ByteOrder> utf16_order(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return ByteOrder::little;
  if (bytes.starts_with("\xFE\xFF")) return ByteOrder::big;
  // Without its mark: the log's first letters are ASCII, so that every second byte is zero.
  if (bytes.size() < 4 || bytes.size() % 2 != 0) return std::nullopt;
  const auto zero = [&](std::size_t i) { return bytes[i] == '\0'; };
  if (!zero(0) && zero(1) && !zero(2) && zero(3)) return ByteOrder::little;
  if (zero(0) && !zero(1) && zero(2) && !zero(3)) return ByteOrder::big;
  return std::nullopt;
}

void append(std::string& text, char32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string from_utf16(std::string_view bytes, ByteOrder order) {
  const std::size_t count = bytes.size() / 2;
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<std::uint8_t>(bytes[2 * i]);
    const auto second = static_cast<std::uint8_t>(bytes[2 * i + 1]);
    return static_cast<char32_t>(order == ByteOrder::little ? first | second << 8 : first << 8 | second);
  };
  const auto is_high = [](char32_t code) { return code >= 0xD800 && code < 0xDC00; };
  const auto is_low = [](char32_t code) { return code >= 0xDC00 && code < 0xE000; };
  std::string text;
  text.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    char32_t code = unit(i);
    if (i == 0 && code == 0xFEFF) continue;  // the mark
    if (is_high(code) && i + 1 < count && is_low(unit(i + 1)))
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(++i) - 0xDC00);
    append(text, is_high(code) || is_low(code) ? unknown : code);
  }
  if (bytes.size() % 2 != 0) append(text, unknown);
  return text;
}

// U+00A0, U+2000 to U+200A, U+202F, U+205F, U+3000; U+200B and U+FEFF have no width at all.
constexpr std::array<std::string_view, 15> wide_spaces{
    "\xC2\xA0",     "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
    "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
constexpr std::array<std::string_view, 2> no_width{"\xE2\x80\x8B", "\xEF\xBB\xBF"};

// How many bytes of a space stand at the beginning of text; 0: none.
template <class Spaces>
std::size_t space_at(std::string_view text, const Spaces& spaces) {
  for (const std::string_view space : spaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::string with_plain_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const bool ascii = static_cast<std::uint8_t>(text.front()) < 0x80;
    std::size_t taken = ascii ? 0 : space_at(text, wide_spaces);
    if (taken > 0) {
      out += ' ';
    } else if (taken = ascii ? 0 : space_at(text, no_width); taken == 0) {
      out += text.front();
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace

std::string plain_text(std::string_view bytes) {
  if (const auto order = utf16_order(bytes)) return with_plain_spaces(from_utf16(bytes, *order));
  return with_plain_spaces(bytes);
}

}  // namespace piste::scoring
