// Text from outside, made safe to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace piste::base {

// Control characters and bytes that are not UTF-8 as \xNN, so the text stays on one line and any reader can
// take it.
std::string escaped(std::string_view text);

// Whether text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);

// "3, 7-12": ranges of numbers, their last ones included; where there are more than `most`, ", ..." behind
// them.
std::string listed(std::span<const std::pair<std::int64_t, std::int64_t>> ranges, std::size_t most);

// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

// "1 frame", "2 frames".
std::string plural(std::int64_t count, std::string_view thing);

}  // namespace piste::base
