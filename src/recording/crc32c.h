// CRC-32C (Castagnoli, RFC 3720 appendix B.4): the checksum of frame log records. By the processor's own
// instruction where it has one (SSE4.2, ARMv8), else by table; both give the same value.
#pragma once

#include <cstdint>
#include <span>

namespace piste::recording {

// crc: of the bytes before, to continue over several pieces.
std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t crc = 0);

// The same by table, on any processor.
std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes, std::uint32_t crc = 0);

}  // namespace piste::recording
