#include "recording/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace piste::recording {
namespace {

constexpr std::uint32_t reversed_polynomial = 0x82F63B78;

using Table = std::array<std::uint32_t, 256>;

constexpr Table make_byte_table() {
  Table table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? reversed_polynomial : 0);
    table[i] = value;
  }
  return table;
}

constexpr Table byte_table = make_byte_table();

std::uint32_t by_table(const std::uint8_t* data, std::size_t size, std::uint32_t state) {
  for (std::size_t i = 0; i < size; ++i) state = (state >> 8) ^ byte_table[(state ^ data[i]) & 0xFF];
  return state;
}

#if defined(__x86_64__) || defined(__aarch64__)

#if defined(__x86_64__)
#define PISTE_CRC_TARGET __attribute__((target("sse4.2")))
bool has_instruction() {
  return __builtin_cpu_supports("sse4.2");
}
PISTE_CRC_TARGET inline std::uint32_t step(std::uint32_t state, std::uint8_t byte) {
  return _mm_crc32_u8(state, byte);
}
PISTE_CRC_TARGET inline std::uint32_t step(std::uint32_t state, std::uint64_t word) {
  return static_cast<std::uint32_t>(_mm_crc32_u64(state, word));
}
#else
#define PISTE_CRC_TARGET __attribute__((target("+crc")))
bool has_instruction() {
  return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
}
PISTE_CRC_TARGET inline std::uint32_t step(std::uint32_t state, std::uint8_t byte) {
  return __crc32cb(state, byte);
}
PISTE_CRC_TARGET inline std::uint32_t step(std::uint32_t state, std::uint64_t word) {
  return __crc32cd(state, word);
}
#endif

inline std::uint64_t word_at(const std::uint8_t* data) {
  std::uint64_t word;
  std::memcpy(&word, data, sizeof word);
  return word;
}

// The instruction takes three cycles but starts every cycle, so three neighbouring lanes are summed at once
// and joined: the state after `lane` more zero bytes is a linear function of the state, kept as four tables.
constexpr std::size_t lane = 2048;

struct LaneShift {
  std::array<Table, 4> tables{};

  LaneShift() {
    static constexpr std::array<std::uint8_t, lane> zeros{};
    for (unsigned byte = 0; byte < 4; ++byte) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        const std::uint32_t shifted = by_table(zeros.data(), lane, 1u << (8 * byte + bit));
        for (unsigned value = 0; value < 256; ++value) {
          if (value & (1u << bit)) tables[byte][value] ^= shifted;
        }
      }
    }
  }

  std::uint32_t operator()(std::uint32_t state) const {
    return tables[0][state & 0xFF] ^ tables[1][(state >> 8) & 0xFF] ^ tables[2][(state >> 16) & 0xFF] ^
           tables[3][state >> 24];
  }
};

PISTE_CRC_TARGET std::uint32_t by_instruction(const std::uint8_t* data, std::size_t size,
                                              std::uint32_t state) {
  static const LaneShift shift;
  for (; size >= 3 * lane; data += 3 * lane, size -= 3 * lane) {
    std::uint32_t second = 0;
    std::uint32_t third = 0;
    for (std::size_t i = 0; i < lane; i += 8) {
      state = step(state, word_at(data + i));
      second = step(second, word_at(data + lane + i));
      third = step(third, word_at(data + 2 * lane + i));
    }
    state = shift(shift(state) ^ second) ^ third;
  }
  for (; size >= 8; data += 8, size -= 8) state = step(state, word_at(data));
  for (; size > 0; ++data, --size) state = step(state, *data);
  return state;
}

#endif

using Sum = std::uint32_t (*)(const std::uint8_t*, std::size_t, std::uint32_t);

Sum fastest() {
#if defined(__x86_64__) || defined(__aarch64__)
  if (has_instruction()) return by_instruction;
#endif
  return by_table;
}

}  // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t crc) {
  static const Sum sum = fastest();
  return ~sum(bytes.data(), bytes.size(), ~crc);
}

std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes, std::uint32_t crc) {
  return ~by_table(bytes.data(), bytes.size(), ~crc);
}

}  // namespace piste::recording
