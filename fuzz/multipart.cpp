// An upload's form, in pieces of any size: the first two bytes choose it. However it is cut, the parts are
// the same.
#include <cstdlib>
#include <string>

#include "bytes.h"
#include "server/multipart.h"

namespace {

std::string read(std::string_view body, std::size_t piece) {
  std::string seen;
  piste::server::MultipartReader reader(
      "b", {.part = [&](const piste::server::PartHeader& part) { seen += "[" + part.name + "]"; },
            .data = [&](std::string_view data) { seen += data; },
            .end = [&] { seen += "[end]"; }});
  while (!body.empty()) {
    const auto now = body.substr(0, piece);
    if (!reader.feed(now)) return "error";
    body.remove_prefix(now.size());
  }
  return reader.finish() ? seen : "error";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> bytes(data, size);
  const std::size_t piece = 1 + piste::fuzz::take_choice(bytes) + 256 * piste::fuzz::take_choice(bytes);
  const std::string_view body = piste::fuzz::text_of(bytes);
  static_cast<void>(piste::server::multipart_boundary(body).ok());
  if (read(body, piece) != read(body, body.size() + 1)) std::abort();
  return 0;
}
