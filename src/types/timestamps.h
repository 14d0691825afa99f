// What a sender says its frames' timestamps are.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace piste::types {

enum class Timestamps : std::uint8_t {
  unsaid,
  capture,  // when the frame was taken: believed
  send,     // when it was sent: no time of the picture
  none,     // there are none, and the frame rate is a guess
};

constexpr std::string_view to_string(Timestamps timestamps) {
  switch (timestamps) {
    case Timestamps::capture:
      return "capture";
    case Timestamps::send:
      return "send";
    case Timestamps::none:
      return "none";
    default:
      return "unsaid";
  }
}

// nullopt for another name.
constexpr std::optional<Timestamps> timestamps_named(std::string_view name) {
  for (const Timestamps known : {Timestamps::capture, Timestamps::send, Timestamps::none}) {
    if (name == to_string(known)) return known;
  }
  return std::nullopt;
}

}  // namespace piste::types
