#include "tracking/tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tracking/body.h"
#include "tracking/fencers.h"
#include "tracking/finish.h"
#include "tracking/geometry.h"
#include "tracking/history.h"
#include "tracking/series.h"

namespace piste::tracking {
namespace {

using types::BoundingBox;
using types::PerSide;
using types::Pose;
using types::Side;

constexpr double crop_room = 1.3;     // of the body's extent
constexpr double coasting = 0.4;      // s: so long is an unseen fencer looked for where he should be
constexpr double searching = 0.5;     // s: so long is every frame searched for a steady pair
constexpr double hurry = 0.25;        // of the detect interval, while something is wrong
constexpr double least_score = 0.2;   // mean of a pose's keypoints
constexpr double least_extent = 0.4;  // of the expected one: less is a collapsed skeleton
constexpr double most_extent = 2.2;
constexpr double together = 0.25;  // extents between the torsos: the bodies merge

bool finite(const Pose& pose) {
  return std::all_of(pose.keypoints.begin(), pose.keypoints.end(), [](const types::Keypoint& keypoint) {
    return std::isfinite(keypoint.x) && std::isfinite(keypoint.y) && std::isfinite(keypoint.score);
  });
}

float mean_score(const Pose& pose) {
  float sum = 0;
  for (const auto& keypoint : pose.keypoints) sum += keypoint.score;
  return sum / static_cast<float>(types::joint::count);
}

bool like(const BoundingBox& box, const BoundingBox& expected) {
  const double ratio = extent(box) / std::max(1.0, extent(expected));
  return ratio > least_extent && ratio < most_extent;
}

std::optional<BoundingBox> crop_around(const std::optional<BoundingBox>& box, const FrameSize& frame) {
  if (!box || box->right < 0 || box->bottom < 0 || box->left > static_cast<float>(frame.width) ||
      box->top > static_cast<float>(frame.height)) {
    return std::nullopt;
  }
  const double side = crop_room * extent(*box);
  return box_around(centre(*box), side, side);
}

}  // namespace

struct Tracker::State {
  explicit State(const TrackerOptions& given)
      : options(given), frame{given.width, given.height}, fencers(frame, given.marks) {}

  bool late(double time) const { return started && time < now; }
  bool wants_look(double time) const;
  bool in_trouble() const;
  void begin(double time);
  Match look(double time, std::span<const Pose> people);
  void learn(const Fencers::Outcome& outcome);
  std::optional<Pose> detected(Side side, double time) const;
  std::optional<BoundingBox> expected(Side side, double time) const;
  std::optional<Pose> accepted(Side side, double time, const std::optional<Pose>& pose) const;
  Side owner(double time, const PerSide<std::optional<Pose>>& poses) const;
  bool sort_out(double time, PerSide<std::optional<Pose>>& poses);

  const TrackerOptions options;
  const FrameSize frame;
  Fencers fencers;
  History history;
  double first = 0;  // time of the first frame
  double now = 0;    // time of the latest frame
  double last_look = -std::numeric_limits<double>::infinity();
  Poses detections;                                               // of the fencers, in the latest look ...
  double detected_at = -std::numeric_limits<double>::infinity();  // ... at this moment
  bool started = false;
  bool urgent = false;  // a look is wanted at once
};

bool Tracker::State::wants_look(double time) const {
  if (late(time)) return false;
  const double since = time - last_look + rounding;
  if (!fencers.trusted())
    return !started || time - first < searching || since >= hurry * options.detect_interval;
  return urgent || since >= (in_trouble() ? hurry : 1) * options.detect_interval;
}

bool Tracker::State::in_trouble() const {
  return fencers.in_clash() || fencers.doubtful() || !fencers.held(Side::left) || !fencers.held(Side::right);
}

void Tracker::State::begin(double time) {
  if (!started) first = time;
  started = true;
  now = time;
}

Match Tracker::State::look(double time, std::span<const Pose> people) {
  const auto outcome = fencers.look(time, people);
  learn(outcome);
  detected_at = time;
  for (const Side side : types::both_sides) {
    const auto& match = outcome.match[side];
    detections[side] = match ? std::optional(people[*match]) : std::nullopt;
  }
  return outcome.match;
}

void Tracker::State::learn(const Fencers::Outcome& outcome) {
  if (outcome.exchanged_since) history.exchange(*outcome.exchanged_since);
  for (const Side side : types::both_sides) {
    if (outcome.mistaken_since[side]) history.forget(side, *outcome.mistaken_since[side]);
  }
}

// Where the fencer's body should be; nullopt where that is anybody's guess.
std::optional<BoundingBox> Tracker::State::expected(Side side, double time) const {
  if (late(time)) return history.box_at(side, time);
  if (!fencers.known(side) || time - fencers.motion(side).last_seen() > coasting) return std::nullopt;
  return fencers.motion(side).predicted(time);
}

std::optional<Pose> Tracker::State::accepted(Side side, double time, const std::optional<Pose>& pose) const {
  if (!pose || !finite(*pose) || mean_score(*pose) < least_score) return std::nullopt;
  const auto box = body_box(pose->keypoints);
  const auto where = expected(side, time);
  if (!box || !where || !like(*box, *where)) return std::nullopt;
  Pose found = *pose;
  found.box = *box;
  if (!late(time) && fencers.surprise(side, time, found) > 1) return std::nullopt;
  return found;
}

// What this frame's look made out, where the crop has nothing to say: in front of the other fencer, or among
// many, the crop's model settles on somebody else whom it sees better.
std::optional<Pose> Tracker::State::detected(Side side, double time) const {
  return time == detected_at ? accepted(side, time, detections[side]) : std::nullopt;
}

// Whose body it is on which both skeletons have settled.
Side Tracker::State::owner(double time, const PerSide<std::optional<Pose>>& poses) const {
  const auto off = [&](Side side) {
    return distance(centre(poses[side]->box), centre(*expected(side, time)));
  };
  return off(Side::left) <= off(Side::right) ? Side::left : Side::right;
}

// True: the bodies are told apart.
bool Tracker::State::sort_out(double time, PerSide<std::optional<Pose>>& poses) {
  const bool clash = poses.left && poses.right && fencers.ahead(*poses.left, *poses.right) < together;
  if (clash && same_body(*poses.left, *poses.right)) poses[opposite(owner(time, poses))].reset();
  if (late(time)) return !clash;
  if (clash && !fencers.in_clash()) {
    fencers.enter_clash(time);
    urgent = true;
  }
  return !fencers.in_clash();
}

Tracker::Tracker(const TrackerOptions& options) : state_(std::make_unique<State>(options)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

Look Tracker::look(double time) const {
  const State& state = *state_;
  const bool detect = state.wants_look(time);
  return {detect, detect && (state.urgent || state.in_trouble() || !state.fencers.trusted())};
}

Crops Tracker::crops(double time, std::span<const Pose> detections) {
  State& state = *state_;
  if (!state.late(time)) {
    const Look wanted = look(time);
    const bool follows = wanted.detect && !wanted.urgent && detections.empty();  // by confirm()
    state.begin(time);
    if (wanted.detect || !detections.empty()) {
      state.last_look = time;
      state.urgent = false;
      if (!follows) state.look(time, detections);
    }
  }
  return {crop_around(state.expected(Side::left, time), state.frame),
          crop_around(state.expected(Side::right, time), state.frame)};
}

void Tracker::confirm(double time, std::span<const Pose> detections) {
  State& state = *state_;
  // Where something has gone wrong meanwhile, an urgent look knows more than this one.
  if (!state.fencers.trusted() || state.in_trouble()) return;
  const PerSide<std::optional<BoundingBox>> then{state.history.box_at(Side::left, time),
                                                 state.history.box_at(Side::right, time)};
  if (then.left && then.right)
    state.learn(state.fencers.look_back(time, detections, {*then.left, *then.right}));
}

Poses Tracker::assign(double time, std::span<const Pose> detections) {
  State& state = *state_;
  Match match;
  if (state.late(time)) {
    // Late: whoever is nearest to where the fencer must have been.
    for (const Side side : types::both_sides) {
      const auto where = state.history.box_at(side, time);
      if (!where) continue;
      const auto off = [&](const Pose& person) { return distance(centre(person.box), centre(*where)); };
      const auto nearest = std::min_element(detections.begin(), detections.end(),
                                            [&](const Pose& a, const Pose& b) { return off(a) < off(b); });
      if (nearest != detections.end() && off(*nearest) < extent(*where) / 2)
        match[side] = nearest - detections.begin();
    }
  } else {
    state.begin(time);
    match = state.look(time, detections);
  }
  Poses poses;
  for (const Side side : types::both_sides) {
    if (match[side]) poses[side] = detections[*match[side]];
  }
  return poses;
}

void Tracker::observe(std::int64_t number, double time, const Crops&, const Poses& poses) {
  State& state = *state_;
  const bool late = state.late(time);
  if (!late) state.begin(time);
  PerSide<std::optional<Pose>> found;
  for (const Side side : types::both_sides) found[side] = state.accepted(side, time, poses[side]);
  const bool told_apart = state.sort_out(time, found);
  Observation observation{number, time, {}};
  for (const Side side : types::both_sides) {
    const bool precisely = found[side].has_value();
    if (!precisely && !told_apart) found[side] = state.detected(side, time);
    if (found[side]) {
      observation.of[side] = {true,
                              told_apart && precisely,
                              found[side]->keypoints,
                              found[side]->box,
                              mean_score(*found[side]),
                              static_cast<float>(state.fencers.doubt(side))};
    }
    if (late) continue;
    if (found[side]) {
      state.fencers.follow(side, time, *found[side]);
    } else {
      state.urgent = state.urgent || state.fencers.held(side);
      state.fencers.lose(side);
    }
  }
  state.history.add(observation);
}

void Tracker::drop(double before) {
  state_->history.drop(before);
}

types::Tracks Tracker::finish(double from, const types::CameraMotion& motion) const {
  return assembled(state_->history.since(from), state_->options.fps, motion);
}

}  // namespace piste::tracking
