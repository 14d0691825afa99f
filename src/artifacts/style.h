// Colours and measures of the overlay. Internal to the module.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "types/side.h"
#include "types/verdict.h"

namespace piste::artifacts {

struct Colour {
  std::uint8_t b = 0, g = 0, r = 0;
  constexpr bool operator==(const Colour&) const = default;
};

constexpr Colour mixed(Colour from, Colour to, double share) {
  const auto mix = [share](int a, int b) { return static_cast<std::uint8_t>(a + (b - a) * share + .5); };
  return {mix(from.b, to.b), mix(from.g, to.g), mix(from.r, to.r)};
}

namespace palette {
constexpr Colour black{0, 0, 0}, white{255, 255, 255}, ink{24, 20, 16}, grey{170, 165, 160},
    dark_grey{96, 90, 84};
constexpr Colour red{66, 70, 255}, green{98, 214, 66};  // the lamps
constexpr Colour amber{48, 186, 255}, slate{190, 140, 96}, steel{255, 226, 140};
}  // namespace palette

constexpr Colour lamp_colour(types::Side side) {
  return side == types::Side::left ? palette::red : palette::green;
}

constexpr Colour colour_of(types::Winner winner) {
  switch (winner) {
    case types::Winner::left:
      return palette::red;
    case types::Winner::right:
      return palette::green;
    default:
      return palette::white;
  }
}

// What an action means for who moves where; actions of other kinds are shown by name only.
enum class Motion { attacking, forward, still, back, other };

constexpr Motion motion_of(std::string_view kind) {
  for (const std::string_view attack : {"attack", "lunge", "fleche", "riposte", "counter-attack",
                                        "counter_attack", "counter-riposte", "remise", "redoublement"}) {
    if (kind == attack) return Motion::attacking;
  }
  if (kind == "advance" || kind == "preparation") return Motion::forward;
  if (kind == "pause") return Motion::still;
  if (kind == "retreat") return Motion::back;
  return Motion::other;
}

constexpr Colour colour_of(Motion motion, types::Side side) {
  switch (motion) {
    case Motion::attacking:
      return lamp_colour(side);
    case Motion::forward:
      return mixed(lamp_colour(side), palette::ink, .42);
    case Motion::still:
      return palette::amber;
    case Motion::back:
      return palette::slate;
    default:
      return palette::grey;
  }
}

// s after the phrase's last lamp, from which on the fencers are grey and nothing is said of what they do.
constexpr double grey_after = .3;

}  // namespace piste::artifacts
