#include "referee/review.h"

#include <cmath>

#include "referee/findings.h"
#include "referee/words.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kLastLook = 1.0;   // s before the touch in which both fencers must be seen
constexpr double kLeastSeen = 0.6;  // part of that
// s between the log's times and the video's: the club's recordings lose up to .6 s, and theirs are usable.
constexpr double kCut = 0.4;
constexpr double kLeastBefore = 0.5;  // s of video before the touch
constexpr double kMissing = 0.75;
constexpr double kTooMuch = 2.0;

std::string not_seen(const types::Tracks& tracks, double touch) {
  for (const Side side : types::both_sides) {
    double seen = 0;
    double all = 0;
    for (const types::TrackPoint& point : tracks[side].points) {
      if (point.time < touch - kLastLook || point.time > touch) continue;
      seen += point.seen ? 1 : 0;
      ++all;
    }
    if (all > 0 && seen < kLeastSeen * all)
      return say({"the ", name(side), " fencer is seen in only ", number(100 * seen / all, 0),
                  " % of the last second before the hit"});
  }
  return "";
}

std::string cut(const types::Tracks& tracks, double touch) {
  const double first = tracks.left.points.front().time;
  const double last = tracks.left.points.back().time;
  if (touch > last + kCut) return say({"the video ends ", seconds(touch - last), " before the hit"});
  if (touch < first) return say({"the video begins ", seconds(first - touch), " after the hit"});
  if (touch < first + kLeastBefore)
    return say({"the video begins only ", seconds(touch - first), " before the hit"});
  return "";
}

std::string misfit(const types::Tracks& tracks, const types::Phrase& phrase, double log_offset) {
  if (!phrase.end) return "";
  const double video = tracks.left.points.back().time;
  const double log = *phrase.end + log_offset;
  if (video > log - kMissing && video < log + kTooMuch) return "";
  return say({"the log tells of ", seconds(*phrase.end), ", the video shows ", seconds(video),
              ": they may not belong together"});
}

}  // namespace

std::string recording_doubt(const types::Tracks& tracks, const types::Phrase& phrase, double touch,
                            double log_offset) {
  if (tracks.left.points.empty() || tracks.right.points.empty()) return "the fencers are not seen";
  for (const std::string& doubt :
       {cut(tracks, touch), not_seen(tracks, touch), misfit(tracks, phrase, log_offset)})
    if (!doubt.empty()) return doubt;
  return "";
}

std::string why_close(Side winner, const std::vector<types::Finding>& findings) {
  const types::Finding* against = strongest_for(types::opposite(winner), findings);
  if (!against) return "little speaks for either fencer";
  return say({"it is close: ", uncapitalised(against->text)});
}

}  // namespace piste::referee
