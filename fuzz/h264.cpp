// A stream of H.264 units: width and height of the pictures, a byte each, then for each unit the step from
// the number before it, its size (two bytes, the upper one first) and its bytes. What is taken at the door
// must not harm the decoder, whatever came before it.
#include <algorithm>

#include "bytes.h"
#include "video/codec.h"
#include "video/frame_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piste;
  std::span<const std::uint8_t> given(data, size);
  types::EncodedFrame unit;
  unit.encoding = types::Encoding::h264;
  unit.width = static_cast<int>(fuzz::take_choice(given));
  unit.height = static_cast<int>(fuzz::take_choice(given));
  video::FrameDecoder decoder(1);
  while (!given.empty()) {
    unit.number += fuzz::take_choice(given) % 4;
    const std::size_t announced = 256u * fuzz::take_choice(given);
    const std::size_t wanted = std::min<std::size_t>(given.size(), announced + fuzz::take_choice(given));
    const auto bytes = given.first(std::min(wanted, given.size()));
    given = given.subspan(bytes.size());
    const auto inspected = video::inspect(unit.encoding, bytes, unit.width, unit.height);
    if (!inspected) continue;
    unit.key = inspected->key;
    unit.bytes = std::make_shared<const types::Bytes>(bytes.begin(), bytes.end());
    static_cast<void>(decoder.decode(unit).ok());
  }
  return 0;
}
