// The scoring box's log.
#include "bytes.h"
#include "scoring/log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(piste::scoring::parse_log(piste::fuzz::text_of({data, size})).ok());
  return 0;
}
