// Text messages of a server, as the client reads them, and the result as it is shown.
#include "bytes.h"
#include "client/box_messages.h"
#include "client/messages.h"
#include "client/verdict_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piste::client;
  const auto text = piste::fuzz::text_of({data, size});
  static_cast<void>(parse_box_reply(text));
  const auto reply = parse_reply(text);
  if (!reply) return 0;
  if (const auto* complete = std::get_if<Complete>(&*reply)) describe_result(complete->result);
  return 0;
}
