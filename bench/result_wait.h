// The result of a phrase that was left, over HTTP.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "support/http_client.h"

namespace piste::bench {

// Asks until the phrase is no longer being judged, or until then.
test::Response await_result(std::uint16_t port, const std::string& session_id,
                            std::chrono::steady_clock::time_point until);

}  // namespace piste::bench
