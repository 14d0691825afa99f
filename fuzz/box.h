// A decoder of a scoring box, fed with anything, cut anywhere.
#pragma once

#include <algorithm>

#include "boxes/decoder.h"
#include "boxes/event_json.h"
#include "bytes.h"

namespace piste::fuzz {

inline int decode_box(boxes::Protocol protocol, std::span<const std::uint8_t> bytes) {
  const unsigned choice = take_choice(bytes);
  const std::size_t piece = 1 + take_choice(bytes);
  const bool live = choice & 4;
  const auto decoder =
      boxes::make_decoder(protocol, {.swap_sides = (choice & 1) != 0, .whites_swapped = (choice & 2) != 0});
  boxes::Events events;
  double now = 0;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(part.size());
    now += 0.01;
    decoder->take(part, live ? std::optional(now) : std::nullopt, events);
    if (live && choice & 8) decoder->quiet(now += 3, events);
  }
  decoder->finish(events);
  for (const boxes::Event& event : events) {
    // What is printed is read back.
    if (!boxes::parse_event(boxes::json_line(event)).ok()) __builtin_trap();
  }
  return 0;
}

}  // namespace piste::fuzz
