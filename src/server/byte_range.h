// "Range: bytes=..." of RFC 9110, one range only: browsers cannot seek in a video without.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace piste::server {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;

  bool operator==(const ByteRange&) const = default;
};

struct WantedBytes {
  enum class Kind {
    all,          // no range was asked for, or one that is not understood, which counts as none
    part,         // 206
    unreachable,  // 416: it begins beyond the end
  };
  Kind kind = Kind::all;
  ByteRange range;  // of a part: within the file
};

// range: the header's value; empty: there is none. Of several ranges none counts: the whole is sent instead.
WantedBytes wanted_bytes(std::string_view range, std::uint64_t size);

}  // namespace piste::server
