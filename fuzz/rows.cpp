// A line of recorded phrases.
#include "bytes.h"
#include "rows/row.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(piste::rows::parse_row(piste::fuzz::text_of({data, size})).ok());
  return 0;
}
