// The layout of a frame log file; docs/frame-log.md explains it. Little-endian, no padding.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "recording/frame_log.h"

namespace piste::recording::format {

constexpr std::size_t file_header_size = 40;
constexpr std::size_t record_header_size = 36;

using FileHeader = std::array<std::uint8_t, file_header_size>;
using RecordHeader = std::array<std::uint8_t, record_header_size>;

FileHeader encode(const Description& description);
// entry.offset is where the bytes are, not part of the header.
RecordHeader encode(const Entry& entry);

// Nothing when the magic, the version or the header's own checksum is wrong.
std::optional<Description> decode(const FileHeader& header);
// offset: of the bytes in the file, that is right behind this header.
std::optional<Entry> decode(const RecordHeader& header, std::uint64_t offset);

}  // namespace piste::recording::format
