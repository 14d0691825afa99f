// The bounds of the protocol itself; those of a server are its configuration.
#pragma once

#include <cstddef>
#include <cstdint>

namespace piste::protocol {

constexpr std::size_t max_text_bytes = 64 << 10;  // of a client's JSON message
constexpr std::size_t max_depth = 16;             // of objects and arrays in it
constexpr std::int64_t max_frame_number =
    (std::int64_t{1} << 53) - 1;                    // the largest that every JSON reader keeps
constexpr std::size_t max_session_id_length = 128;  // characters

}  // namespace piste::protocol
