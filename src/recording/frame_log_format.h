// The layout of a frame log file; docs/frame-log.md explains it. Little-endian, no padding.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "recording/frame_log.h"

namespace piste::recording::format {

constexpr std::size_t file_header_size = 40;  // of one copy; there are two
constexpr std::size_t record_header_size = 36;

using FileHeader = std::array<std::uint8_t, file_header_size>;
using RecordHeader = std::array<std::uint8_t, record_header_size>;

// What a log begins with.
struct Preamble {
  Description description;
  std::uint32_t seal = 0;        // the checksums of its records' headers begin with it
  std::size_t first_record = 0;  // where it is
};

// salt: a number that nobody can guess who sends frames.
Preamble make_preamble(const Description& description, std::uint64_t salt);
// One copy of the header.
FileHeader encode(const Description& description, std::uint64_t salt);
// entry.offset is where the bytes are, not part of the header.
RecordHeader encode(const Entry& entry, std::uint32_t seal);

// Of what a log begins with, as much of two copies as there is. nullopt when in both the magic, the version
// or the header's own checksum is wrong.
std::optional<Preamble> decode(std::span<const std::uint8_t> start);
// offset: of the bytes in the file, that is right behind this header.
std::optional<Entry> decode(const RecordHeader& header, std::uint64_t offset, std::uint32_t seal);
// Where in these bytes a record may begin, from a place on; bytes.size() where none does.
std::size_t find_record(std::span<const std::uint8_t> bytes, std::size_t from);

}  // namespace piste::recording::format
