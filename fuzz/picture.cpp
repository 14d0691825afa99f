// A frame's bytes: encoding, width, height and reduction, a byte each, then the picture. What is taken at the
// door must not harm the decoder. From encoding 128 on a PNG's checksums are made right, so that what they
// guard is reached.
#include <zlib.h>

#include "bytes.h"
#include "video/codec.h"

namespace {

using Bytes = piste::types::Bytes;

void put_u32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::size_t u32(const Bytes& bytes, std::size_t at) {
  return std::size_t{bytes[at]} << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
}

void repair_png(Bytes& bytes) {
  constexpr std::size_t signature = 8;
  for (std::size_t at = signature; at + 12 <= bytes.size();) {
    const std::size_t length = u32(bytes, at);
    if (length > bytes.size() - at - 12) return;
    put_u32(bytes, at + 8 + length,
            static_cast<std::uint32_t>(crc32(0, bytes.data() + at + 4, static_cast<uInt>(length + 4))));
    at += 12 + length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piste;
  std::span<const std::uint8_t> given(data, size);
  constexpr types::Encoding encodings[] = {types::Encoding::jpeg, types::Encoding::png, types::Encoding::raw};
  const unsigned choice = fuzz::take_choice(given);
  types::EncodedFrame frame;
  frame.encoding = encodings[choice % 3];
  frame.width = static_cast<int>(fuzz::take_choice(given));
  frame.height = static_cast<int>(fuzz::take_choice(given));
  const int reduce = 1 << fuzz::take_choice(given) % 3;
  auto bytes = std::make_shared<Bytes>(given.begin(), given.end());
  if (choice >= 128 && frame.encoding == types::Encoding::png) repair_png(*bytes);
  if (!video::inspect(frame.encoding, *bytes, frame.width, frame.height)) return 0;
  frame.bytes = std::move(bytes);
  static_cast<void>(video::decode(frame, reduce).ok());
  return 0;
}
