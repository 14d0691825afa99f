// What a scoring box says: src/boxes/fpa.h.
#include "box.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return piste::fuzz::decode_box(piste::boxes::Protocol::fpa, {data, size});
}
