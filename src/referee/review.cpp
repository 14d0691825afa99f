#include "referee/review.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "base/median.h"
#include "referee/findings.h"
#include "referee/words.h"

namespace piste::referee {
namespace {

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

std::string cut(const types::Tracks& tracks, double touch) {
  const double first = tracks.left.points.front().time;
  if (const std::string early = cut_short(tracks, touch); !early.empty()) return early;
  if (touch < first) return say({"the video begins ", seconds(first - touch), " after the hit"});
  if (touch < first + kLeastBefore)
    return say({"the video begins only ", seconds(touch - first), " before the hit"});
  return "";
}

// A hit that falls into a hole: what happened then is not seen, however good the rest is.
std::string hole(const types::Tracks& tracks, const types::Phrase& phrase, double log_offset) {
  const auto& points = tracks.left.points;
  if (points.size() < 3) return "";
  std::vector<double> steps;
  for (std::size_t i = 1; i < points.size(); ++i) steps.push_back(points[i].time - points[i - 1].time);
  const double usual = base::median(std::move(steps));
  for (const types::Touch& touch : phrase.touches) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const types::TrackPoint& point : points)
      nearest = std::min(nearest, std::abs(point.time - touch.time - log_offset));
    if (nearest > kFarFrame * usual)
      return say({"no frame is nearer than ", seconds(nearest), " to the hit at ", seconds(touch.time)});
  }
  return "";
}

// What happened in a longer hole just before the hit was not seen either.
std::string hole_before(const types::Tracks& tracks, double touch) {
  const auto& points = tracks.left.points;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double from = points[i - 1].time, to = points[i].time;
    if (to - from > kBridged && from < touch && to > touch - kJustBefore)
      return say({"no frame shows what happened from ", seconds(from), " to ", seconds(to),
                  ", just before the hit"});
  }
  return "";
}

std::string misfit(const types::Tracks& tracks, const types::Phrase& phrase, double log_offset) {
  if (!phrase.end) return "";
  const double video = tracks.left.points.back().time;
  const double log = *phrase.end + log_offset;
  const double off = std::max(kLeastOff, kOff * *phrase.end);
  if (video > log - std::min(off, kMissing) && video < log + std::min(off, kTooMuch)) return "";
  return say({"the log tells of ", seconds(*phrase.end), ", the video shows ", seconds(video),
              ": they may not belong together"});
}

}  // namespace

std::string cut_short(const types::Tracks& tracks, double touch) {
  const double last = tracks.left.points.back().time;
  return touch > last + kCut ? say({"the video ends ", seconds(touch - last), " before the hit"}) : "";
}

std::string recording_doubt(const types::Tracks& tracks, const types::Phrase& phrase, double touch,
                            double log_offset) {
  if (tracks.left.points.empty() || tracks.right.points.empty()) return "the fencers are not seen";
  for (const std::string& doubt : {cut(tracks, touch), hole(tracks, phrase, log_offset),
                                   hole_before(tracks, touch), misfit(tracks, phrase, log_offset)})
    if (!doubt.empty()) return doubt;
  return "";
}

std::string why_close(Side winner, const std::vector<types::Finding>& findings) {
  const types::Finding* against = strongest_for(types::opposite(winner), findings);
  if (!against || !against->named) return "little speaks for either fencer";
  return say({"it is close: ", uncapitalised(against->text)});
}

}  // namespace piste::referee
