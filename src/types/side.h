// Which fencer: as seen in the picture. The left fencer attacks towards +x and has the red lamp, the right
// one green.
#pragma once

#include <array>
#include <string_view>

namespace piste::types {

enum class Side { left, right };

constexpr std::array<Side, 2> both_sides{Side::left, Side::right};

constexpr Side opposite(Side side) {
  return side == Side::left ? Side::right : Side::left;
}
constexpr std::string_view to_string(Side side) {
  return side == Side::left ? "left" : "right";
}

// Two values of a kind, one for each fencer.
template <class T>
struct PerSide {
  T left{};
  T right{};
  T& operator[](Side side) { return side == Side::left ? left : right; }
  const T& operator[](Side side) const { return side == Side::left ? left : right; }
};

}  // namespace piste::types
