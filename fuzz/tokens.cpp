// The file of tokens.
#include "server/tokens.h"
#include "bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piste::server;
  const auto list = TokenList::parse(piste::fuzz::text_of({data, size}));
  if (list) list->find(hash_of("token"));
  return 0;
}
