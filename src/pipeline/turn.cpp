#include "pipeline/turn.h"

#include <utility>

#include "tracking/posture.h"
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

std::string described(Turn turn) {
  if (turn == Turn::half) return "the fencers stand on their heads: the pictures were turned by 180 degrees";
  return std::string("the fencers lie: the pictures were turned by 90 degrees ") +
         (turn == Turn::clockwise ? "clockwise" : "counterclockwise");
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
                    const tracking::TrackerOptions& options, const NextFrame& next) {
  constexpr const char* unclear = "the fencers do not stand upright in most pictures";
  const Heads heads = tracking::heads_of(tracks);
  if (heads == Heads::unclear) return {Turn::none, "", unclear};
  const Turn by = turn_for(heads);
  if (by == Turn::none) return {};
  types::Tracks upright = look_turned(by, models, workers, options, next);
  if (tracking::heads_of(upright) != Heads::up) return {Turn::none, "", unclear};
  const bool quarter = is_quarter(by);
  turn(upright, back(by), quarter ? options.height : options.width, quarter ? options.width : options.height);
  tracks = std::move(upright);
  return {by,
          described(by) + "; left and right are as seen then, keypoints are pixels of the received frames",
          ""};
}

}  // namespace piste::pipeline
