#include "protocol/session_id.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "protocol/limits.h"

namespace piste::protocol {
namespace {

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}

bool starts_character(char c) {
  return (byte(c) & 0xC0) != 0x80;
}

// C0, DEL, and C1, which is U+0080..U+009F.
bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (byte(text[i]) < 0x20 || byte(text[i]) == 0x7F) return true;
    if (byte(text[i]) == 0xC2 && i + 1 < text.size() && byte(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

}  // namespace

bool is_valid_session_id(std::string_view id) {
  if (id.empty() || !base::is_utf8(id)) return false;
  const auto length = static_cast<std::size_t>(std::count_if(id.begin(), id.end(), starts_character));
  return length <= max_session_id_length && id.find_first_of("/\\") == id.npos && id.find("..") == id.npos &&
         !has_control_characters(id);
}

}  // namespace piste::protocol
