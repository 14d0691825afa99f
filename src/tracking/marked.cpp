#include "tracking/marked.h"

#include <algorithm>
#include <cmath>

#include "tracking/geometry.h"

namespace piste::tracking {
namespace {

using types::BoundingBox;
using types::Side;

constexpr double beside = .15;        // of a body's height, that the feet may be beside the marked piste
constexpr double around = .2;         // of a box, that a mark may be beside it
constexpr double within_reach = 1.2;  // extents from where a fencer was seen, in which he may be ...
constexpr double reach_growth = .8;   // ... and as many more per second
constexpr double furthest = 4;
constexpr double alike = .5;  // logarithm of the sizes' ratio

double resized(const BoundingBox& box, const BoundingBox& before) {
  return std::abs(std::log(std::max(1., extent(box)) / std::max(1., extent(before))));
}

}  // namespace

bool Marked::on_piste(const Person& person) const {
  return marks_.piste.empty() ||
         types::is_on(marks_.piste, {person.torso.x, person.feet}, beside * person.height);
}

bool Marked::may_fence(double time, const BoundingBox& box) const {
  if (!marks_.fencers) return true;
  return std::ranges::any_of(types::both_sides, [&](Side side) {
    const auto& last = last_[side];
    if (!last) return off_mark(side, box) <= 1;
    const double allowed = std::min(furthest, within_reach + reach_growth * std::abs(time - last->time));
    return resized(box, last->box) < alike &&
           distance(centre(box), centre(last->box)) < allowed * std::max(1., extent(last->box));
  });
}

// 0: in its middle, 1: as far beside it as may be.
double Marked::off_mark(Side side, const BoundingBox& box) const {
  const types::Spot mark = (*marks_.fencers)[side];
  const auto middle = centre(box);
  const double x = std::abs(mark.x - middle.x) / std::max(1., box.width() * (.5 + around));
  const double y = std::abs(mark.y - middle.y) / std::max(1., box.height() * (.5 + around));
  return std::max(x, y);
}

types::PerSide<std::optional<std::size_t>> Marked::find(std::span<const types::Pose> people) const {
  types::PerSide<std::optional<std::size_t>> found;
  types::PerSide<double> least{1, 1};
  for (std::size_t i = 0; i < people.size(); ++i) {
    // At both marks: he is the fencer to whose mark he is nearer.
    const types::PerSide<double> off{off_mark(Side::left, people[i].box),
                                     off_mark(Side::right, people[i].box)};
    const Side side = off.left <= off.right ? Side::left : Side::right;
    if (off[side] > least[side]) continue;
    least[side] = off[side];
    found[side] = i;
  }
  return found;
}

void Marked::saw(Side side, double time, const BoundingBox& box) {
  last_[side] = Seen{time, box};
}

}  // namespace piste::tracking
