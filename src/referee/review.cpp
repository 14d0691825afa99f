#include "referee/review.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "base/median.h"
#include "referee/findings.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::said;
using types::Side;

// s between the log's times and the video's: the club's recordings lose up to .6 s, and theirs are usable.
constexpr double kCut = 0.4;
constexpr double kLeastBefore = 0.5;  // s of video before the touch
// How far the video's end may lie from the log's: a part of the phrase, and at least and at most so much.
constexpr double kOff = 0.2;
constexpr double kLeastOff = 0.5;
constexpr double kMissing = 0.75;
constexpr double kTooMuch = 2.0;
constexpr double kFarFrame = 1.5;    // frame times between a hit and the nearest frame
constexpr double kJustBefore = 1.0;  // s before the hit, in which right of way is decided
constexpr double kBridged = 0.4;     // s without a frame that the kinematics cross

types::Said cut(const types::Tracks& tracks, double touch) {
  const double first = tracks.left.points.front().time;
  if (const types::Said early = cut_short(tracks, touch); !early.empty()) return early;
  if (touch < first) return said("video_begins_after", {{"by", first - touch}});
  if (touch < first + kLeastBefore) return said("video_begins_late", {{"by", touch - first}});
  return "";
}

// A hit that falls into a hole: what happened then is not seen, however good the rest is.
types::Said hole(const types::Tracks& tracks, const types::Phrase& phrase, double log_offset) {
  const auto& points = tracks.left.points;
  if (points.size() < 3) return "";
  std::vector<double> steps;
  for (std::size_t i = 1; i < points.size(); ++i) steps.push_back(points[i].time - points[i - 1].time);
  const double usual = base::median(std::move(steps));
  for (const types::Touch& touch : phrase.touches) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const types::TrackPoint& point : points)
      nearest = std::min(nearest, std::abs(point.time - touch.time - log_offset));
    if (nearest > kFarFrame * usual) return said("no_frame_at_hit", {{"by", nearest}, {"at", touch.time}});
  }
  return "";
}

// What happened in a longer hole just before the hit was not seen either.
types::Said hole_before(const types::Tracks& tracks, double touch) {
  const auto& points = tracks.left.points;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double from = points[i - 1].time, to = points[i].time;
    if (to - from > kBridged && from < touch && to > touch - kJustBefore)
      return said("no_frame_before_hit", {{"from", from}, {"to", to}});
  }
  return "";
}

types::Said misfit(const types::Tracks& tracks, const types::Phrase& phrase, double log_offset) {
  if (!phrase.end) return "";
  const double video = tracks.left.points.back().time;
  const double log = *phrase.end + log_offset;
  const double off = std::max(kLeastOff, kOff * *phrase.end);
  if (video > log - std::min(off, kMissing) && video < log + std::min(off, kTooMuch)) return "";
  return said("log_is_anothers", {{"log", *phrase.end}, {"video", video}});
}

}  // namespace

types::Said cut_short(const types::Tracks& tracks, double touch) {
  const double last = tracks.left.points.back().time;
  return touch > last + kCut ? said("video_ends_early", {{"by", touch - last}}) : types::Said();
}

types::Said recording_doubt(const types::Tracks& tracks, const types::Phrase& phrase, double touch,
                            double log_offset) {
  if (tracks.left.points.empty() || tracks.right.points.empty()) return said("not_seen");
  for (const types::Said& doubt : {cut(tracks, touch), hole(tracks, phrase, log_offset),
                                   hole_before(tracks, touch), misfit(tracks, phrase, log_offset)})
    if (!doubt.empty()) return doubt;
  return "";
}

types::Said why_close(Side winner, const std::vector<types::Finding>& findings) {
  const types::Finding* against = strongest_for(types::opposite(winner), findings);
  if (!against || !against->named) return said("little");
  return about(said("close"), against->text);
}

}  // namespace piste::referee
