#include "pipeline/touches.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "types/said.h"

namespace piste::pipeline {
namespace {

using types::PictureLag;
using types::said;
using types::SeenLamp;

constexpr double most_off = .08;      // s that a log's zero may be off
constexpr double alike = .12;         // s within which both sides must say the same of it
constexpr double furthest = 10;       // s by which the lamps may put a zero right
constexpr double sure = .6;           // of a lamp that is told alone, or whose verdict needs no second look
constexpr double one_hit_within = 1;  // s: lamps of one hit
constexpr double most_behind = 2;     // s: so late a tap may be, or so many of the last pictures lost

double milliseconds(double seconds) {
  return std::round(seconds * 1000);
}

std::string names_of(const std::vector<SeenLamp>& lamps) {
  std::string text;
  for (const SeenLamp& lamp : lamps) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(lamp.side)) + " with frame " +
            std::to_string(lamp.frame);
  }
  return text;
}

// --- a log, and lamps that tell of the same hits ---

// The lamp that is nearest to where the log says it is.
const SeenLamp* seen_as(const types::Touch& touch, const std::vector<SeenLamp>& lamps, double zero) {
  const SeenLamp* nearest = nullptr;
  const auto away = [&](const SeenLamp& lamp) { return std::abs(lamp.time - touch.time - zero); };
  for (const SeenLamp& lamp : lamps) {
    if (lamp.side != touch.scorer || lamp.valid != touch.valid || lamp.onset_unknown) continue;
    if (!nearest || away(lamp) < away(*nearest)) nearest = &lamp;
  }
  return nearest;
}

// Where the box's zero lies on the frames' clock, by the lamps.
struct Measured {
  std::vector<SeenLamp> by;
  PictureLag lag;
  bool agreed = true;
};

std::optional<Measured> measure(const types::Phrase& phrase, const std::vector<SeenLamp>& lamps,
                                double zero) {
  Measured measured;
  std::vector<double> lags;
  for (const types::Touch& touch : phrase.touches) {
    const SeenLamp* lamp = seen_as(touch, lamps, zero);
    if (!lamp) continue;
    lags.push_back(lamp->time - lamp->error / 2 - touch.time);
    measured.lag.error = std::max(measured.lag.error, lamp->error / 2);
    measured.by.push_back(*lamp);
  }
  if (lags.empty()) return std::nullopt;
  const double count = static_cast<double>(lags.size());
  for (const double lag : lags) measured.lag.seconds += lag / count;
  measured.lag.error /= std::sqrt(count);
  const auto [least, most] = std::minmax_element(lags.begin(), lags.end());
  measured.agreed = lags.size() > 1 ? *most - *least <= alike : measured.by.front().sureness >= sure;
  return measured;
}

// Says where the log's zero is off, and puts it right where that is wanted.
void check_zero(Touches& touches, const TouchEvidence& evidence) {
  const auto measured = measure(touches.phrase, evidence.lamps.lamps, touches.zero);
  if (!measured || !measured->agreed) return;
  touches.lag = measured->lag;
  const double off = measured->lag.seconds - touches.zero;
  if (std::abs(off) <= most_off) return;
  // One lamp alone may be something else that shines; two that are as far apart as the log says hardly ever
  // are.
  const bool sure_enough = measured->by.size() > 1 && std::abs(off) <= furthest;
  const bool put_right = evidence.options.lamps_set_zero && sure_enough;
  touches.warnings.push_back(
      said(put_right ? "zero_put_right" : "zero_left", {{"lamps", names_of(measured->by)},
                                                        {"zero", milliseconds(measured->lag.seconds)},
                                                        {"by", milliseconds(std::abs(off))},
                                                        {"direction", off > 0 ? "later" : "earlier"}}));
  if (put_right) touches.zero = measured->lag.seconds;
}

Result<Touches> touches_of_log(const TouchEvidence& evidence) {
  const EngineOptions& options = evidence.options;
  std::optional<double> end;
  if (evidence.video_end) end = *evidence.video_end - options.signal_offset;
  const auto weapon = evidence.settings.weapon.value_or(options.weapon);
  scoring::Result<scoring::Log> log =
      evidence.told ? *evidence.told : scoring::parse_log(evidence.log, {options.sides_swapped, weapon, end});
  if (!log) return Error{ErrorCode::log, log.error().message};
  Touches touches;
  touches.phrase = std::move(log->phrase);
  touches.zero = options.signal_offset;
  touches.human_verdict = log->human_verdict;
  touches.warnings = std::move(log->warnings);
  touches.doubt = std::move(log->doubt);
  check_zero(touches, evidence);
  return touches;
}

// --- lamps alone ---

// The lamps of the last hit that the video shows.
std::vector<SeenLamp> last_hit(const std::vector<SeenLamp>& lamps) {
  std::vector<SeenLamp> last;
  for (const SeenLamp& lamp : lamps) {
    if (!last.empty() && lamp.time - last.front().time > one_hit_within) last.clear();
    const auto same = [&](const SeenLamp& other) { return other.side == lamp.side; };
    if (std::none_of(last.begin(), last.end(), same)) last.push_back(lamp);
  }
  return last;
}

Result<Touches> touches_of_lamps(const TouchEvidence& evidence) {
  const auto& lamps = evidence.lamps.lamps;
  if (lamps.empty()) {
    const std::string looked = evidence.lamps.places.watch ? "no lamp was seen to come on in the picture"
                                                           : "nobody looked for lamps in the picture";
    return Error{
        ErrorCode::log,
        "there is no scoring log, and " + looked +
            ": give the log (signal), or the place of the lamps (lamps: X,Y,W,H of the box in pixels), "
            "or the hits (hits: left@3.19, right@3.32, in seconds of the video)"};
  }
  Touches touches;
  touches.source = types::TouchSource::lamps;
  const auto hit = last_hit(lamps);
  double least = 1;
  for (const SeenLamp& lamp : hit) {
    touches.phrase.touches.push_back({lamp.side, lamp.time, lamp.valid});
    least = std::min(least, lamp.sureness);
    if (lamp.onset_unknown) touches.doubt = said("lamp_hidden", {{"who", lamp.side}});
  }
  if (least < sure) {
    touches.doubt = said("lamps_unsure", {{"percent", std::round(100 * least)}});
  }
  if (lamps.size() > hit.size()) {
    touches.warnings.push_back(said("last_hit_counts", {{"lamps", names_of(lamps)}}));
    if (touches.doubt.empty()) touches.doubt = said("lamps_came_often");
  }
  return touches;
}

// --- hits that a person tells ---

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", seconds);
  return text;
}

Result<Touches> touches_of_person(const TouchEvidence& evidence) {
  for (const types::Touch& hit : evidence.settings.hits) {
    if (!evidence.video_end || hit.time <= *evidence.video_end + most_behind) continue;
    return Error{ErrorCode::log, "the hit at " + seconds_text(hit.time) +
                                     " lies behind the end of the video, " +
                                     seconds_text(*evidence.video_end) +
                                     ": hits are told in seconds since its first picture"};
  }
  Touches touches;
  touches.source = types::TouchSource::hits;
  touches.phrase.touches = evidence.settings.hits;
  return touches;
}

}  // namespace

Result<Touches> touches_of(const TouchEvidence& evidence) {
  if (evidence.told || !evidence.log.empty()) return touches_of_log(evidence);
  return evidence.settings.hits.empty() ? touches_of_lamps(evidence) : touches_of_person(evidence);
}

}  // namespace piste::pipeline
