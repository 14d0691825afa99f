#include "tracking/finish.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/median.h"
#include "tracking/limbs.h"
#include "tracking/repair.h"

namespace piste::tracking {
namespace {

using types::Side;

constexpr float doubtful_score = 0.5F;  // of the usual: the model is no longer sure of this body

// Median over the frames in which the fencer was seen.
template <class Value>
float usual(std::span<const Observation> seen, Side side, Value value) {
  std::vector<float> values;
  for (const auto& observation : seen) {
    if (observation.of[side].seen) values.push_back(value(observation.of[side]));
  }
  return values.empty() ? 0 : base::median(std::move(values));
}

Points points_of(std::span<const Observation> seen, Side side) {
  const float sure =
      doubtful_score * usual(seen, side, [](const Sighting& sighting) { return sighting.score; });
  Points points;
  points.reserve(seen.size());
  for (const auto& observation : seen) {
    const Sighting& sighting = observation.of[side];
    const bool reliable = sighting.reliable && sighting.score >= sure;
    points.push_back(
        {observation.number, observation.time, sighting.seen, reliable, sighting.keypoints, sighting.doubt});
  }
  return points;
}

}  // namespace

types::Tracks assembled(std::span<const Observation> seen, double fps, const types::CameraMotion& motion) {
  types::Tracks tracks;
  tracks.fps = fps;
  for (const Side side : types::both_sides) {
    Points points = points_of(seen, side);
    const double height =
        std::max(1.0F, usual(seen, side, [](const Sighting& sighting) { return sighting.box.height(); }));
    types::to_places(points, motion);
    drop_collapsed(points, height);
    untangle(points, height);
    drop_jumps(points, height);
    smooth(points);
    fill_gaps(points);
    types::to_pictures(points, motion);
    tracks[side].points = std::move(points);
  }
  return tracks;
}

}  // namespace piste::tracking
