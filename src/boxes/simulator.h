// A box without a box: what it would send of a bout, at its own pace.
#pragma once

#include <functional>
#include <string>

#include "boxes/decoder.h"
#include "boxes/event.h"

namespace piste::boxes {

// A piece of a serial line, or a datagram.
struct Packet {
  double at = 0;        // seconds from the start; packets come in order of time
  std::string bytes;    // of text: without a line end
  std::string topic;    // opp2: where it is published
  bool retain = false;  // opp2: the broker is to remember it
};

// Whether the protocol's packets are lines of text: in a stream each has a line end.
bool is_text(Protocol protocol);

// events: in order of time, from 0 on. Sends what the box would send until `until`; send may end it by
// returning false. What a protocol has no place for is left out.
void simulate(Protocol protocol, const Events& events, double until,
              const std::function<bool(const Packet&)>& send);

}  // namespace piste::boxes
