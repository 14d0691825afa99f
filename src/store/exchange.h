// One request and its answer, over a connection of its own. Blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "store/signature.h"

namespace piste::store {

struct Answer {
  unsigned status = 0;
  std::string body = {};
  std::string etag = {};
  std::string date = {};     // of the server, as in its header
  std::uint64_t length = 0;  // of the object, where that was all that was asked for
};

// An error: no answer came. now: for the signature. limit: for all of it, where the request has no body. Ends
// soon after a stop.
Result<Answer> exchange(const Place& place, const Request& request, std::chrono::system_clock::time_point now,
                        std::chrono::milliseconds limit, const std::stop_token& stop);

}  // namespace piste::store
