// Fields of text messages.
#pragma once

#include <optional>
#include <string_view>

#include "base/number.h"

namespace piste::boxes {

// " 3", "_3", "03", "3": digits with blanks or zeros before them; nullopt for all else, blanks alone too.
inline std::optional<int> padded_number(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('_')) text.remove_prefix(1);
  const auto number = base::number_in<int>(text);
  return number && *number >= 0 ? number : std::nullopt;
}

// "0" or "1"
inline std::optional<bool> flag(std::string_view text) {
  if (text == "0") return false;
  if (text == "1") return true;
  return std::nullopt;
}

}  // namespace piste::boxes
