// What referee_box says, and what it is answered. Nothing that comes back is trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "client/clock_offset.h"
#include "client/numbered_events.h"

namespace piste::client {

std::string box_open(std::string_view piste, std::string_view source, std::string_view protocol);
std::string clock_question(double client_time);

// As many events from first on as fit into a message, their times on the server's clock; next: the one after
// the last of them. Precondition: first < events.end(), and something is known of the clock.
struct BoxMessage {
  std::string text;
  std::int64_t next = 0;
};
BoxMessage box_events(std::string_view piste, const NumberedEvents& events, std::int64_t first,
                      const ClockOffset& clock, double now);

struct ClockAnswer {
  double client_time = 0, server_received = 0, server_time = 0;
};
struct BoxOpened {
  std::int64_t next = 0;  // 0: the server knows nothing of us
};
struct BoxAck {
  std::int64_t next = 0;
};
struct BoxRefused {
  std::string why;
  bool later = false;  // the same may succeed then
};
struct Unknown {};  // of a later server; or a pong of one that knows no boxes

using BoxReply = std::variant<ClockAnswer, BoxOpened, BoxAck, BoxRefused, Unknown>;
BoxReply parse_box_reply(std::string_view text);

}  // namespace piste::client
