#include "referee/quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "base/median.h"
#include "referee/findings.h"
#include "referee/samples.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::FencerQuality;
using types::Lapse;
using types::said;
using types::Seen;
using types::Side;
using types::TrackPoint;
using Points = std::span<const TrackPoint>;
using Place = std::array<double, 2>;

// Good up to the first number, worth nothing from the second on; between them in a straight line. The first
// ones tell the runs of real halls in which somebody else was followed from those that were right.
struct Limits {
  double good, hopeless;
};
constexpr Limits kScore{0.5, 0.2};
constexpr Limits kPart{0.6, 0.2};
constexpr Limits kTorso{0.15, 0.45};
constexpr Limits kStep{7, 21};  // units/s
constexpr Limits kDoubt{0.25, 1};
// What stays on one side of a leap is still somebody's motion, and the kinematics leave the rest out: of 33
// club phrases with one, 26 calls are right.
constexpr double kLeastAfterLeap = 0.5;
// Of two pairs who are alike, the one that is followed is the right one as often as not.
constexpr double kLeastOfTwo = 0.5;
constexpr double kInQuestion = 0.5;       // doubt, from which a stretch of time is told
constexpr double kHopelessSize = 1. / 3;  // of the least height

constexpr double kLastLook = 1.0;     // s before the hit that decide
constexpr double kShortest = 0.3;     // s: what lasts less long is bridged, and not told
constexpr double kInterrupted = 0.1;  // s: a lapse may be
constexpr double kStepTime = 0.03;    // s: between closer frames the keypoints' noise alone is as fast

double believed(double value, const Limits& limits) {
  return std::clamp((limits.hopeless - value) / (limits.hopeless - limits.good), 0.0, 1.0);
}

std::optional<Place> middle(const types::Keypoints& points, std::size_t first) {
  const auto& a = points[first];
  const auto& b = points[first + 1];
  if (!usable(a) || !usable(b)) return std::nullopt;
  return Place{(a.x + b.x) / 2.0, (a.y + b.y) / 2.0};
}

double apart(const Place& a, const Place& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

// Joints that the recording never has are no sign of anything. The head is under a mask.
std::vector<std::size_t> joints_of(Points points) {
  std::vector<std::size_t> out;
  for (std::size_t joint = types::joint::left_shoulder; joint < types::joint::count; ++joint) {
    const auto has = [joint](const TrackPoint& point) { return point.keypoints[joint].score > 0; };
    if (std::any_of(points.begin(), points.end(), has)) out.push_back(joint);
  }
  return out;
}

// Of a picture that is shown again nothing is left but that the fencer was seen (camera/account.h).
bool is_blank(const TrackPoint& point) {
  const auto none = [](const types::Keypoint& joint) { return joint.score <= 0; };
  return std::ranges::all_of(point.keypoints, none);
}

double score_of(const TrackPoint& point, const std::vector<std::size_t>& joints) {
  double sum = 0;
  for (const std::size_t joint : joints) sum += point.keypoints[joint].score;
  return joints.empty() ? 0 : sum / static_cast<double>(joints.size());
}

double variation_of(const std::vector<double>& lengths) {
  if (lengths.size() < 2) return 0;
  double sum = 0, squares = 0;
  for (const double length : lengths) sum += length;
  const double mean = sum / static_cast<double>(lengths.size());
  for (const double length : lengths) squares += (length - mean) * (length - mean);
  return mean > 0 ? std::sqrt(squares / static_cast<double>(lengths.size())) / mean : 0;
}

// From the step's first point to its last.
struct Step {
  const TrackPoint* from;
  const TrackPoint* to;
  double speed;  // units/s
};

struct Known {
  const TrackPoint* point;
  Place hips;
};

// units/s from one to the other, before which he came from `earlier`.
double speed_between(const Known& earlier, const Known& from, const Known& to, double unit) {
  const double far = apart(to.hips, from.hips);
  const double lead = from.point->time - earlier.point->time;
  double along = 0;
  if (lead > 0 && far > 0)
    for (const int axis : {0, 1})
      along += (from.hips[axis] - earlier.hips[axis]) * (to.hips[axis] - from.hips[axis]) / far / lead;
  return speed_reached(far / unit, to.point->time - from.point->time, along / unit);
}

// Each from the nearest point that is kStepTime or more before.
std::vector<Step> steps_of(Points points, double unit) {
  std::vector<Step> out;
  std::vector<Known> known;
  std::size_t before = 0;
  for (const TrackPoint& point : points) {
    const auto here = middle(point.keypoints, types::joint::left_hip);
    if (!point.seen || !here) continue;
    known.push_back({&point, *here});
    while (before + 1 < known.size() && point.time - known[before + 1].point->time >= kStepTime) ++before;
    const Known& from = known[before];
    if (point.time - from.point->time < kStepTime) continue;
    std::size_t earlier = before;
    while (earlier > 0 && from.point->time - known[earlier].point->time < kSpeedTime) --earlier;
    out.push_back({from.point, &point, speed_between(known[earlier], from, known.back(), unit)});
  }
  return out;
}

Seen seen_in(Points points, const std::vector<std::size_t>& joints, double unit) {
  Seen out;
  std::vector<double> torsos;
  double seen = 0, looked_at = 0;
  for (const TrackPoint& point : points) {
    if (!point.seen) continue;
    ++seen;
    if (is_blank(point)) continue;
    ++looked_at;
    out.score += score_of(point, joints);
    out.doubt += point.doubt;
    const auto neck = middle(point.keypoints, types::joint::left_shoulder);
    const auto hips = middle(point.keypoints, types::joint::left_hip);
    if (neck && hips) torsos.push_back(apart(*neck, *hips));
  }
  if (looked_at > 0) {
    out.score /= looked_at;
    out.doubt /= looked_at;
  }
  if (!points.empty()) out.part = seen / static_cast<double>(points.size());
  out.torso_variation = variation_of(torsos);
  for (const Step& step : steps_of(points, unit)) out.fastest_step = std::max(out.fastest_step, step.speed);
  return out;
}

double height_of(Points points) {
  std::vector<double> heights;
  for (const TrackPoint& point : points) {
    if (!point.seen) continue;
    double top = INFINITY, bottom = -INFINITY;
    for (const types::Keypoint& joint : point.keypoints) {
      if (!usable(joint)) continue;
      top = std::min<double>(top, joint.y);
      bottom = std::max<double>(bottom, joint.y);
    }
    if (bottom > top) heights.push_back(bottom - top);
  }
  return heights.empty() ? 0 : base::median(std::move(heights));
}

// Stretches of at least kShortest in which the points are so, interrupted for kInterrupted at most.
template <class Is>
std::vector<Lapse> lapses_where(Points points, Lapse::Kind kind, Is is) {
  std::vector<Lapse> out;
  for (const TrackPoint& point : points) {
    if (!is(point)) continue;
    if (out.empty() || point.time - out.back().end > kInterrupted)
      out.push_back({kind, point.time, point.time, point.number, point.number, {}});
    out.back().end = point.time;
    out.back().last_frame = point.number;
  }
  std::erase_if(out, [](const Lapse& lapse) { return lapse.end - lapse.start < kShortest; });
  return out;
}

std::vector<Lapse> leaps(Points points, double unit) {
  std::vector<Lapse> out;
  for (const Step& step : steps_of(points, unit)) {
    if (step.speed <= kStep.good) continue;
    if (out.empty() || step.from->time - out.back().end > kInterrupted)
      out.push_back({Lapse::Kind::leap, step.from->time, 0, step.from->number, 0, {}});
    out.back().end = step.to->time;
    out.back().last_frame = step.to->number;
  }
  return out;
}

types::Said told(const Lapse& lapse, Side side) {
  const char* code = lapse.kind == Lapse::Kind::faint    ? "fencer_faint"
                     : lapse.kind == Lapse::Kind::leap   ? "fencer_leaps"
                     : lapse.kind == Lapse::Kind::rivals ? "fencer_in_question"
                                                         : "fencer_unseen";
  return said(code, {{"who", side}, {"from", lapse.start}, {"to", lapse.end}});
}

std::vector<Lapse> lapses_of(Points points, const std::vector<std::size_t>& joints, Side side, double unit) {
  std::vector<Lapse> out =
      lapses_where(points, Lapse::Kind::unseen, [](const TrackPoint& point) { return !point.seen; });
  const auto add = [&](const std::vector<Lapse>& more) { out.insert(out.end(), more.begin(), more.end()); };
  add(lapses_where(points, Lapse::Kind::faint, [&](const TrackPoint& point) {
    return point.seen && !is_blank(point) && score_of(point, joints) < kScore.good;
  }));
  add(lapses_where(points, Lapse::Kind::rivals, [](const TrackPoint& point) {
    return point.seen && !is_blank(point) && point.doubt >= kInQuestion;
  }));
  add(leaps(points, unit));
  for (Lapse& lapse : out) lapse.text = told(lapse, side);
  std::stable_sort(out.begin(), out.end(), [](const Lapse& a, const Lapse& b) { return a.start < b.start; });
  return out;
}

double believed(const FencerQuality& fencer, double least_height) {
  const Seen& last = fencer.last_second;
  double out = believed(last.part, kPart) * believed(last.torso_variation, kTorso) *
               std::max(kLeastAfterLeap, believed(last.fastest_step, kStep)) *
               std::max(kLeastOfTwo, believed(last.doubt, kDoubt));
  if (last.part > 0) out *= believed(last.score, kScore);
  if (least_height > 0) out *= believed(fencer.height, {least_height, kHopelessSize * least_height});
  return out;
}

std::size_t first_from(Points points, double time) {
  const auto at = std::find_if(points.begin(), points.end(),
                               [time](const TrackPoint& point) { return point.time >= time; });
  return static_cast<std::size_t>(at - points.begin());
}

FencerQuality fencer_quality(const types::Track& track, double touch, double unit, double least_height) {
  const Points all(track.points);
  const Points before = all.first(first_from(all, std::nextafter(touch, INFINITY)));
  const auto joints = joints_of(before);
  FencerQuality out;
  out.phrase = seen_in(before, joints, unit);
  const Points last = before.subspan(first_from(before, touch - kLastLook));
  out.last_second = seen_in(last, joints, unit);
  out.height = height_of(before);
  out.lapses = lapses_of(before, joints, track.side, unit);
  if (!last.empty()) out.believed = believed(out, least_height);  // a video that is cut has doubts of its own
  return out;
}

// The first leap of the last second.
types::Said leap_in(const FencerQuality& fencer, double from) {
  for (const Lapse& lapse : fencer.lapses)
    if (lapse.kind == Lapse::Kind::leap && lapse.end >= from) return uncapitalised(lapse.text);
  return "";
}

types::Said what_was_bad(const FencerQuality& fencer, Side side, double touch, double least_height) {
  const Seen& last = fencer.last_second;
  const double from = std::max(0.0, touch - kLastLook);
  if (last.part < kPart.good)
    return said("seen_in_part", {{"who", side}, {"percent", 100 * last.part}, {"from", from}, {"to", touch}});
  if (last.fastest_step > kStep.good) return leap_in(fencer, touch - kLastLook);
  if (last.score < kScore.good)
    return said("hardly_recognised",
                {{"who", side}, {"from", from}, {"to", touch}, {"score", last.score}, {"good", kScore.good}});
  if (last.torso_variation > kTorso.good)
    return said("length_changes",
                {{"who", side}, {"percent", 100 * last.torso_variation}, {"from", from}, {"to", touch}});
  if (last.doubt > kDoubt.good) return said("others_alike", {{"who", side}, {"from", from}, {"to", touch}});
  if (fencer.height < least_height)
    return said("too_small",
                {{"who", side}, {"pixels", std::floor(fencer.height)}, {"needed", least_height}});
  return "";
}

}  // namespace

types::Quality measure_quality(const types::Tracks& tracks, double touch, double unit, double least_height) {
  types::Quality out;
  if (tracks.left.points.empty() || !std::isfinite(touch) || !(unit > 0)) return out;
  out.known = true;
  if (tracks.displacements) unit = INFINITY;  // nothing is known of steps then
  for (const Side side : types::both_sides)
    out.fencers[side] = fencer_quality(tracks[side], touch, unit, least_height);
  out.believed = out.fencers.left.believed * out.fencers.right.believed;
  return out;
}

types::Said seen_badly(const types::Quality& quality, double touch, double least_height) {
  types::Said out;
  for (const Side side : types::both_sides) {
    if (!quality.known || quality.fencers[side].believed >= 1) continue;
    out = joined(out, what_was_bad(quality.fencers[side], side, touch, least_height));
  }
  return out;
}

void draw_towards_even(double believed, std::vector<types::Finding>& findings) {
  if (believed >= 1) return;
  const double sum = std::abs(log_odds_left(findings));
  if (!(sum > 0)) return;
  const double likely = 0.5 + believed * (1 / (1 + std::exp(-sum)) - 0.5);
  scale(std::log(likely / (1 - likely)) / sum, findings);
}

}  // namespace piste::referee
