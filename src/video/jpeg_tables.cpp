#include "video/jpeg_tables.h"

#include <algorithm>
#include <numeric>

namespace piste::video {

bool JpegTables::read_quantization(std::span<const std::uint8_t> body) {
  while (!body.empty()) {
    const std::size_t length = body[0] >> 4 ? 129 : 65;  // 64 values of two bytes or one
    const unsigned index = body[0] & 15;
    if (index >= quantization_.size() || body.size() < length) return false;
    quantization_[index] = true;
    body = body.subspan(length);
  }
  return true;
}

bool JpegTables::read_huffman(std::span<const std::uint8_t> body) {
  while (!body.empty()) {
    const unsigned kind = body[0] >> 4, index = body[0] & 15;
    if (kind > 1 || index >= dc_.size() || body.size() < 17) return false;
    const auto counts = body.subspan(1, 16);
    const auto symbols = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    if (symbols > 256 || body.size() < 17 + symbols) return false;
    (kind == 0 ? dc_ : ac_)[index] = check(counts, body.subspan(17, symbols), kind == 0);
    body = body.subspan(17 + symbols);
  }
  return true;
}

// Codes are given out in order of length; one that does not fit its length, or is all ones, breaks the table.
JpegTables::State JpegTables::check(std::span<const std::uint8_t> counts,
                                    std::span<const std::uint8_t> symbols, bool dc) {
  std::uint32_t code = 0;
  std::uint32_t limit = 2;
  for (const std::uint8_t count : counts) {
    code += count;
    if (count > 0 && code >= limit) return State::broken;
    code <<= 1;
    limit <<= 1;
  }
  const bool broken =
      dc && std::any_of(symbols.begin(), symbols.end(), [](std::uint8_t s) { return s > 15; });
  return broken ? State::broken : State::usable;
}

// Motion JPEG leaves the standard tables out: decoders know tables 0 and 1 of sequential pictures.
bool JpegTables::has(const States& states, unsigned index, bool progressive) {
  if (index >= states.size()) return false;
  const bool standard = states[index] == State::missing && index < 2 && !progressive;
  return standard || states[index] == State::usable;
}

}  // namespace piste::video
