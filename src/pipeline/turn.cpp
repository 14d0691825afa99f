#include "pipeline/turn.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tracking/posture.h"
#include "types/said.h"
#include "video/orientation.h"

namespace piste::pipeline {
namespace {

using tracking::Heads;

Turn turn_for(Heads heads) {
  switch (heads) {
    case Heads::down:
      return Turn::half;
    case Heads::left:
      return Turn::clockwise;
    case Heads::right:
      return Turn::counterclockwise;
    default:
      return Turn::none;
  }
}

// Transposed first, then mirrored.
video::Orientation orientation_of(Turn turn) {
  switch (turn) {
    case Turn::clockwise:
      return {true, true, false};
    case Turn::half:
      return {false, true, true};
    case Turn::counterclockwise:
      return {true, false, true};
    default:
      return {};
  }
}

Turn back(Turn turn) {
  if (turn == Turn::clockwise) return Turn::counterclockwise;
  return turn == Turn::counterclockwise ? Turn::clockwise : turn;
}

bool is_quarter(Turn turn) {
  return turn == Turn::clockwise || turn == Turn::counterclockwise;
}

types::Keypoint turned(const types::Keypoint& point, Turn by, float width, float height) {
  switch (by) {
    case Turn::clockwise:
      return {height - 1 - point.y, point.x, point.score};
    case Turn::half:
      return {width - 1 - point.x, height - 1 - point.y, point.score};
    case Turn::counterclockwise:
      return {point.y, width - 1 - point.x, point.score};
    default:
      return point;
  }
}

types::Said described(Turn turn) {
  const bool clockwise = turn == Turn::clockwise;
  return types::said(turn == Turn::half ? "upside_down"
                     : clockwise        ? "lying_clockwise"
                                        : "lying_counterclockwise");
}

types::Tracks look_turned(Turn by, const Models& models, Workers& workers, tracking::TrackerOptions options,
                          const NextFrame& next) {
  const auto turn_spot = [&, width = options.width, height = options.height](types::Spot& spot) {
    const auto upright = turned({static_cast<float>(spot.x), static_cast<float>(spot.y), 1}, by,
                                static_cast<float>(width), static_cast<float>(height));
    spot = {upright.x, upright.y};
  };
  for (types::Spot& corner : options.marks.piste) turn_spot(corner);
  if (options.marks.fencers) {
    for (const types::Side side : types::both_sides) turn_spot((*options.marks.fencers)[side]);
    // Left and right are those of the turned pictures.
    if (options.marks.fencers->left.x > options.marks.fencers->right.x)
      std::swap(options.marks.fencers->left, options.marks.fencers->right);
  }
  if (is_quarter(by)) std::swap(options.width, options.height);
  Analyser analyser(models, workers, options, types::nowhere);  // lamps have been looked for
  while (const auto frame = next()) {
    auto upright = std::make_shared<types::Frame>(*frame);
    upright->image = video::turned(std::move(upright->image), orientation_of(by));
    analyser.add(std::move(upright));
  }
  return analyser.finish(analyser.motion());
}

// Both fencers in fewer than half of the pictures.
bool hardly_seen(const types::Tracks& tracks) {
  std::size_t seen = 0, all = 0;
  for (const types::Side side : types::both_sides) {
    for (const types::TrackPoint& point : tracks[side].points) seen += point.seen ? 1 : 0;
    all += tracks[side].points.size();
  }
  return 2 * seen < all;
}

// How surely two people stand upright in the picture, turned so: 0 to 2.
double people_upright(const Models& models, const types::Frame& frame, Turn by) {
  types::Frame turned = frame;
  turned.image = video::turned(std::move(turned.image), orientation_of(by));
  const auto people = models.detector->detect(turned);
  if (!people) return 0;
  double standing = 0;
  int counted = 0;
  for (const types::Pose& pose : *people) {
    if (tracking::head_of(pose.keypoints) != Heads::up) continue;
    standing += pose.score;
    if (++counted == 2) break;
  }
  return standing;
}

// The way in which some of the frames show people upright, by far more surely than as they are; none where
// there is no such way.
Turn turn_seen_in(const Models& models, Workers& workers, const NextFrame& next, std::size_t frames) {
  constexpr std::size_t looked_at = 6;
  constexpr double least = .5;  // people a frame, by how sure it is
  constexpr double more = 1.5;
  std::array<double, 4> upright{};
  const std::size_t each = std::max<std::size_t>(1, frames / looked_at);
  const auto lane = workers.make_lane();
  std::size_t number = 0, looks = 0;
  while (looks < looked_at) {
    const auto frame = next();
    if (!frame) break;
    if (number++ % each != each / 2) continue;
    ++looks;
    workers
        .run(lane,
             [&] {
               for (std::size_t turn = 0; turn < upright.size(); ++turn)
                 upright[turn] += people_upright(models, *frame, static_cast<Turn>(turn));
             })
        .get();
  }
  const auto best = std::max_element(upright.begin(), upright.end());
  const bool sure_enough =
      *best > 0 && *best >= least * static_cast<double>(looks) && *best >= more * upright.front();
  return sure_enough ? static_cast<Turn>(best - upright.begin()) : Turn::none;
}

}  // namespace

void turn(types::Tracks& tracks, Turn by, int width, int height) {
  for (const types::Side side : types::both_sides) {
    for (types::TrackPoint& point : tracks[side].points) {
      for (types::Keypoint& keypoint : point.keypoints)
        keypoint = turned(keypoint, by, static_cast<float>(width), static_cast<float>(height));
    }
  }
}

Upright put_upright(types::Tracks& tracks, const Models& models, Workers& workers,
                    const tracking::TrackerOptions& options, const Frames& frames) {
  const types::Said none, unclear = types::said("not_upright");
  const Heads heads = tracking::heads_of(tracks);
  Turn by = turn_for(heads);
  if (heads == Heads::unclear || (heads == Heads::up && hardly_seen(tracks)))
    by = turn_seen_in(models, workers, frames(), tracks.left.points.size());
  if (by == Turn::none) return {Turn::none, "", heads == Heads::unclear ? unclear : none};
  types::Tracks upright = look_turned(by, models, workers, options, frames());
  if (tracking::heads_of(upright) != Heads::up || (heads == Heads::up && hardly_seen(upright)))
    return {Turn::none, "", heads == Heads::up ? none : unclear};
  const bool quarter = is_quarter(by);
  turn(upright, back(by), quarter ? options.height : options.width, quarter ? options.width : options.height);
  tracks = std::move(upright);
  return {by, described(by), ""};
}

}  // namespace piste::pipeline
