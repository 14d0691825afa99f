// Text messages of a client.
#include "bytes.h"
#include "protocol/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(piste::protocol::parse(piste::fuzz::text_of({data, size})).ok());
  return 0;
}
