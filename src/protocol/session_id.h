#pragma once

#include <string_view>

namespace piste::protocol {

// 1 to 128 characters of UTF-8, without control characters, '/', '\' and "..": an id is shown and logged as
// it is, and even where it met a path it would not lead out of it.
bool is_valid_session_id(std::string_view id);

// The rule in words, for an answer.
constexpr std::string_view session_id_rule =
    "session_id must be text of 1 to 128 characters without '/', '\\', '..' and control characters";

}  // namespace piste::protocol
