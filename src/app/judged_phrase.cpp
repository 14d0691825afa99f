#include "app/judged_phrase.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "app/phrase_files.h"
#include "base/json_text.h"
#include "base/median.h"
#include "referee/samples.h"
#include "scoring/box_log.h"
#include "types/phrase.h"

namespace piste::app {
namespace {

namespace json = boost::json;
using Error = base::Error<ExportError>;
using types::Side;

constexpr double highest_rate = 240;  // frames a second
constexpr double longest = 600;       // s

double number(const json::value& value) {
  return value.to_number<double>();
}

types::Phrase phrase_of(const json::object& told) {
  types::Phrase phrase;
  for (const json::value& touch : told.at("touches").as_array()) {
    phrase.touches.push_back({touch.at("side").as_string() == "left" ? Side::left : Side::right,
                              number(touch.at("time")), touch.at("valid").as_bool()});
  }
  for (const json::value& contact : told.at("blade_contacts").as_array())
    phrase.blade_contacts.push_back(number(contact.at("time")));
  return phrase;
}

// A frame as rows have it; joints that the referee would not believe are null.
json::value body_of(const json::value& frame) {
  if (frame.is_null()) return nullptr;
  json::array body;
  for (const json::value& joint : frame.as_array()) {
    json::value place = nullptr;
    if (joint.is_array()) {
      const types::Keypoint point{static_cast<float>(number(joint.at(0))),
                                  static_cast<float>(number(joint.at(1))),
                                  static_cast<float>(number(joint.at(2)))};
      if (referee::usable(point)) place = json::array{joint.at(0), joint.at(1)};
    }
    body.push_back(std::move(place));
  }
  return body;
}

// Of the pictures that came: as many as there would be if none were missing.
double rate_of(const std::vector<double>& times) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
  if (steps.empty()) throw std::runtime_error("no motion");
  const double step = std::max(1 / highest_rate, base::median(std::move(steps)));
  const double length = times.back() - times.front();
  return std::round(length / step) / length;
}

// Rows have even frames that begin at the log's zero: each picture goes to the nearest.
json::array track_of(const json::array& frames, const std::vector<double>& times, double zero, double fps) {
  json::array out;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double place = std::round((times[i] - zero) * fps);
    if (place < 0 || place > longest * fps) continue;
    const auto index = static_cast<std::size_t>(place);
    while (out.size() <= index) out.emplace_back(nullptr);
    out[index] = body_of(frames.at(i));
  }
  return out;
}

// "2026-11-29" of 20261129T064702Z-..., the folder's name or, of a bout's phrase, its bout's.
std::string date_of(std::filesystem::path folder) {
  for (int level = 0; level < 3; ++level, folder = folder.parent_path()) {
    const std::string name = folder.filename().string();
    if (name.size() > 8 && name[8] == 'T' &&
        std::all_of(name.begin(), name.begin() + 8, [](unsigned char c) { return c >= '0' && c <= '9'; }))
      return name.substr(0, 4) + "-" + name.substr(4, 2) + "-" + name.substr(6, 2);
  }
  throw std::runtime_error("no date");
}

std::string row_of(const std::filesystem::path& folder, const types::Phrase& phrase,
                   const std::string& verdict) {
  const json::object keypoints = object_in(folder / "keypoints.json");
  // Where the camera moved, the referee saw the tracks without its motion.
  const json::value* on_piste = keypoints.if_contains("on_piste");
  const json::object& tracks = on_piste ? on_piste->as_object() : keypoints;
  std::vector<double> times;
  for (const json::value& time : keypoints.at("times").as_array()) times.push_back(number(time));
  const double fps = rate_of(times);
  const double zero = number(keypoints.at("log_offset"));
  const std::string date = date_of(folder);
  const auto recorded = scoring::parse_wall_clock(date + " 00:00:00").value();
  return base::json_text(json::object{{"id", folder.filename().string()},
                                      {"date", date},
                                      {"fps", fps},
                                      {"signal", scoring::box_log(phrase, 1, recorded)},
                                      {"left", track_of(tracks.at("left").as_array(), times, zero, fps)},
                                      {"right", track_of(tracks.at("right").as_array(), times, zero, fps)},
                                      {"verdict", verdict == "unclear" ? "abstain" : verdict},
                                      {"single_light", nullptr}});
}

}  // namespace

base::Result<std::string, ExportError> judged_row(const std::filesystem::path& folder) {
  try {
    const json::object result = object_in(folder / "analysis_result.json");
    const std::string verdict = persons_verdict(folder, result);
    if (verdict.empty()) return Error{ExportError::not_judged, "nobody has judged it"};
    const types::Phrase phrase = phrase_of(result.at("phrase").as_object());
    if (phrase.touches.size() < 2) return Error{ExportError::one_lamp, "one lamp"};
    return row_of(folder, phrase, verdict);
  } catch (const std::exception& error) {
    return Error{ExportError::damaged, error.what()};
  }
}

}  // namespace piste::app
