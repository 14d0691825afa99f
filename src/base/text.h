// Text from outside, made safe to show.
#pragma once

#include <string>
#include <string_view>

namespace piste::base {

// Control characters and bytes that are not UTF-8 as \xNN, so the text stays on one line and any reader can
// take it.
std::string escaped(std::string_view text);

// Whether text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);

}  // namespace piste::base
