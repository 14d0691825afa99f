#include "pipeline/bout_report.h"

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>

#include "base/json_text.h"
#include "base/text.h"
#include "types/names.h"

namespace piste::pipeline {
namespace {

namespace json = boost::json;

constexpr double until_the_end = std::numeric_limits<double>::infinity();

// The box's score comes with the referee's word, some seconds after the hit: what is told before the next
// phrase ends is this one's.
double scored_by(const BoutReport& report, const BoutPhrase& phrase) {
  for (const auto& other : report.phrases)
    if (other.number == phrase.number + 1) return other.touches.front().time;
  return until_the_end;
}

double rounded(double value, double unit) {
  return std::round(value * unit) / unit + 0.0;
}

std::string touches_text(const BoutPhrase& phrase) {
  std::string text;
  for (const auto& touch : phrase.touches) {
    text.append(text.empty()           ? ""
                : phrase.order_unknown ? " | "
                                       : ", ")
        .append(types::to_string(touch.scorer));
    if (!touch.valid) text += " off";
  }
  return text;
}

json::object touch_json(const types::Touch& touch) {
  json::object out;
  out["side"] = types::to_string(touch.scorer);
  out["time"] = rounded(touch.time, 1e4);
  out["valid"] = touch.valid;
  if (touch.error > 0) out["error_ms"] = rounded(touch.error * 1000, 10);
  return out;
}

// As in a phrase's result.
json::object lag_json(const types::PictureLag& lag) {
  return {{"lag_ms", std::lround(lag.seconds * 1000)},
          {"lag_error_ms", std::lround(lag.error * 1000)},
          {"lag", types::to_string(lag)}};
}

types::PictureLag lag_of(const json::object& read) {
  return {read.at("lag_ms").to_number<double>() / 1000, read.at("lag_error_ms").to_number<double>() / 1000};
}

json::object score_json(const bout::Score& score) {
  return {{"left", score.left}, {"right", score.right}};
}

types::Winner winner_of(std::string_view name) {
  using types::Winner;
  for (const Winner winner : {Winner::left, Winner::right, Winner::both})
    if (to_string(winner) == name) return winner;
  return Winner::none;
}

types::Touch touch_of(const json::object& read) {
  types::Touch touch;
  touch.scorer = read.at("side").as_string() == "left" ? types::Side::left : types::Side::right;
  touch.time = read.at("time").to_number<double>();
  touch.valid = read.at("valid").as_bool();
  if (const auto* error = read.if_contains("error_ms")) touch.error = error->to_number<double>() / 1000;
  return touch;
}

BoutPhrase phrase_of(const json::object& read) {
  BoutPhrase phrase;
  phrase.number = read.at("number").to_number<int>();
  phrase.start = read.at("start").to_number<double>();
  phrase.end = read.at("end").to_number<double>();
  for (const auto& touch : read.at("touches").as_array())
    phrase.touches.push_back(touch_of(touch.as_object()));
  phrase.order_unknown = read.contains("order");
  phrase.outcome.winner = winner_of(read.at("winner").as_string());
  phrase.outcome.confidence = read.at("confidence").to_number<double>();
  phrase.outcome.review = read.at("review").as_bool();
  phrase.folder = std::string(read.at("folder").as_string());
  return phrase;
}

json::object phrase_json(const BoutReport& report, const BoutPhrase& phrase) {
  json::object out;
  out["number"] = phrase.number;
  out["start"] = rounded(phrase.start, 1e4);
  out["end"] = rounded(phrase.end, 1e4);
  json::array touches;
  for (const auto& touch : phrase.touches) touches.push_back(touch_json(touch));
  out["touches"] = std::move(touches);
  if (phrase.order_unknown) out["order"] = "unknown";
  out["winner"] = types::to_string(phrase.outcome.winner);
  out["confidence"] = rounded(phrase.outcome.confidence, 1e4);
  out["review"] = phrase.outcome.review;
  out["score"] = score_json(score_after(report, phrase));
  out["folder"] = phrase.folder;
  return out;
}

}  // namespace

std::string minutes(double seconds) {
  const auto tenths = std::lround(std::max(0.0, seconds) * 10);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld.%ld", tenths / 600, tenths / 10 % 60, tenths % 10);
  return text;
}

bout::Score score_after(const BoutReport& report, const BoutPhrase& phrase) {
  return report.sheet.score(phrase.number, scored_by(report, phrase));
}

bout::Score expected_score(const BoutReport& report, const BoutPhrase& phrase) {
  return report.sheet.expected_score(phrase.number, scored_by(report, phrase), phrase.touches.back().time);
}

std::string table_head() {
  return "  #    start      end  touches       winner  conf.  review  folder";
}

std::string table_row(const BoutPhrase& phrase) {
  char text[160];
  std::snprintf(text, sizeof text, "%3d  %7s  %7s  %-12s  %-6s  %5.2f  %-6s  %s", phrase.number,
                minutes(phrase.start).c_str(), minutes(phrase.end).c_str(), touches_text(phrase).c_str(),
                std::string(types::to_string(phrase.outcome.winner)).c_str(), phrase.outcome.confidence,
                phrase.outcome.review ? "review" : "", phrase.folder.c_str());
  return text;
}

std::string bout_json(const BoutReport& report) {
  json::object out;
  if (!report.video.empty()) out["video"] = base::escaped(report.video);
  json::array phrases;
  for (const auto& phrase : report.phrases) phrases.push_back(phrase_json(report, phrase));
  out["phrases"] = std::move(phrases);
  out["score"] = score_json(report.phrases.empty() ? report.sheet.score(0, until_the_end)
                                                   : score_after(report, report.phrases.back()));
  const auto& names = report.sheet.names();
  for (const types::Side side : types::both_sides) {
    out[std::string(types::to_string(side)) + "_name"] =
        names[side].empty() ? json::value() : json::value(base::escaped(names[side]));
  }
  json::array left_out;
  for (const auto& hit : report.left_out)
    left_out.push_back(json::object{{"time", rounded(hit.at, 1e4)}, {"why", hit.why}});
  out["left_out"] = std::move(left_out);
  if (report.lag) out["picture"] = lag_json(*report.lag);
  return base::json_text(out) + "\n";
}

// Whatever is wrong with it, it throws: it is caught here.
std::optional<BoutReport> read_bout(std::string_view text) {
  try {
    const json::object bout = json::parse(text).as_object();
    BoutReport report;
    for (const auto& phrase : bout.at("phrases").as_array()) {
      report.phrases.push_back(phrase_of(phrase.as_object()));
      const auto& last = report.phrases.back();
      if (last.touches.empty() || last.folder.empty()) return std::nullopt;
      report.sheet.judged(last.number, last.outcome.winner);
    }
    for (const auto& hit : bout.at("left_out").as_array()) {
      report.left_out.push_back({hit.as_object().at("time").to_number<double>(),
                                 std::string(hit.as_object().at("why").as_string())});
    }
    if (const auto* picture = bout.if_contains("picture")) report.lag = lag_of(picture->as_object());
    return report;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace piste::pipeline
