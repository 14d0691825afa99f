#include "tracking/history.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "tracking/geometry.h"

namespace piste::tracking {
namespace {

using types::BoundingBox;
using types::Side;

constexpr double near_enough = 0.3;  // s

bool earlier(const Observation& a, const Observation& b) {
  return std::tie(a.time, a.number) < std::tie(b.time, b.number);
}

}  // namespace

void History::add(const Observation& observation) {
  // Late frames are rare and not very late: this is an append in nearly all cases.
  const auto after = observations_.empty() || earlier(observations_.back(), observation)
                         ? observations_.end()
                         : std::upper_bound(observations_.begin(), observations_.end(), observation, earlier);
  observations_.insert(after, observation);
}

std::span<const Observation> History::since(double time) const {
  const auto first =
      std::partition_point(observations_.begin(), observations_.end(),
                           [time](const Observation& observation) { return observation.time < time; });
  return {first, observations_.end()};
}

void History::forget(Side side, double from) {
  for (auto it = observations_.rbegin(); it != observations_.rend() && it->time >= from; ++it)
    it->of[side] = {};
}

void History::drop(double before) {
  const auto kept = since(before);
  observations_.erase(observations_.begin(), observations_.end() - std::ssize(kept));
}

void History::exchange(double from) {
  for (auto it = observations_.rbegin(); it != observations_.rend() && it->time >= from; ++it)
    std::swap(it->of.left, it->of.right);
}

std::optional<BoundingBox> History::box_at(Side side, double time) const {
  const auto seen = [side](const Observation& observation) { return observation.of[side].seen; };
  const auto at =
      std::partition_point(observations_.begin(), observations_.end(),
                           [time](const Observation& observation) { return observation.time < time; });
  const auto oldest =
      std::find_if(std::make_reverse_iterator(at), observations_.rend(), [&](const auto& other) {
        return other.time < time - near_enough;  // bounds the search
      });
  const auto before = std::find_if(std::make_reverse_iterator(at), oldest, seen);
  const auto newest = std::find_if(at, observations_.end(),
                                   [&](const auto& other) { return other.time > time + near_enough; });
  const auto after = std::find_if(at, newest, seen);
  if (before == oldest && after == newest) return std::nullopt;
  if (before == oldest) return after->of[side].box;
  if (after == newest) return before->of[side].box;
  const double share = (time - before->time) / std::max(1e-9, after->time - before->time);
  return between(before->of[side].box, after->of[side].box, static_cast<float>(share));
}

}  // namespace piste::tracking
