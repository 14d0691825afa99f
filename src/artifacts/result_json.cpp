#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <string>

#include "artifacts/artifacts.h"
#include "artifacts/moments.h"
#include "artifacts/rounded.h"
#include "base/json_text.h"
#include "base/percent.h"
#include "base/text.h"
#include "types/said.h"

namespace piste::artifacts {
namespace {

namespace json = boost::json;
using types::Analysis;
using types::Side;

constexpr int time_decimals = 4;  // s
constexpr int pixel_decimals = 2;
constexpr int score_decimals = 3;

// From outside: bytes that are not UTF-8, and control characters, are escaped.
json::string clean(const std::string& text) {
  return json::string(base::escaped(text));
}

json::value time(double seconds) {
  return rounded(seconds, time_decimals);
}
json::value optional_time(const std::optional<double>& seconds) {
  return seconds ? time(*seconds) : nullptr;
}
json::string text(std::string_view view) {
  return json::string(view.data(), view.size());
}
json::value name_or_null(const std::string& name) {
  return name.empty() ? json::value() : clean(name);
}

json::value human_verdict(const std::optional<types::HumanVerdict>& verdict) {
  if (!verdict) return nullptr;
  switch (*verdict) {
    case types::HumanVerdict::left:
      return "left";
    case types::HumanVerdict::right:
      return "right";
    default:
      return "abstain";
  }
}

// The predecessor's word for the same.
json::string declared_winner(const std::optional<types::HumanVerdict>& verdict) {
  const json::value pressed = human_verdict(verdict);
  return pressed.is_string() ? pressed.get_string() : json::string("unknown");
}

json::object attribution(const types::Attribution& saw) {
  json::object object;
  object["fencer"] = text(to_string(saw.fencer));
  json::array joints;
  for (const auto& joint : saw.joints) joints.push_back(clean(joint));
  object["joints"] = std::move(joints);
  object["from"] = time(saw.from);
  object["to"] = time(saw.to);
  object["log_odds"] = rounded(saw.log_odds, 4);
  return object;
}

json::value param(const types::Sentence::Value& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return clean(*word);
  if (const auto* number = std::get_if<double>(&value)) return rounded(*number, 4);
  json::array times;
  for (const auto& [from, to] : std::get<types::Sentence::Times>(value))
    times.push_back(json::array{time(from), time(to)});
  return times;
}

json::object params(const types::Sentence& sentence) {
  json::object object;
  for (const auto& [name, value] : sentence.params) object[name] = param(value);
  return object;
}

json::array sentences(const types::Said& said) {
  json::array array;
  for (const auto& one : said.sentences)
    array.push_back(json::object{{"code", one.code}, {"params", params(one)}});
  return array;
}

json::object finding(const types::Finding& found) {
  json::object object;
  object["kind"] = clean(found.kind);
  object["time"] = time(found.time);
  object["frame"] = found.frame;
  object["value"] = rounded(found.value, 4);
  object["unit"] = clean(found.unit);
  object["rule"] = clean(found.rule);
  object["weight"] = rounded(found.weight, 4);
  object["favours"] = found.favours ? json::value(text(to_string(*found.favours))) : nullptr;
  object["named"] = found.named;
  object["text"] = clean(found.text);
  if (!found.text.sentences.empty()) {
    object["text_code"] = found.text.sentences.front().code;
    object["params"] = params(found.text.sentences.front());
  }
  if (found.saw) object["saw"] = attribution(*found.saw);
  return object;
}

json::value began(const std::optional<types::Began>& first) {
  if (!first) return nullptr;
  json::object object;
  object["side"] = text(to_string(first->side));
  object["time"] = time(first->time);
  object["frame"] = first->frame;
  object["by"] = optional_time(first->by);
  return object;
}

json::object decision(const Analysis& analysis) {
  const types::Verdict& verdict = analysis.verdict;
  json::object object;
  object["winner"] = text(to_string(verdict.winner));
  object["reason"] = clean(verdict.reason);
  object["natural_language_reason"] = clean(verdict.reason);
  object["reason_code"] = verdict.reason_code.code;
  json::object whom;
  if (verdict.reason_code.side) whom["side"] = text(to_string(*verdict.reason_code.side));
  object["reason_params"] = std::move(whom);
  object["reason_said"] = sentences(verdict.reason);
  object["confidence"] = rounded(verdict.confidence, 4);
  object["review"] = verdict.review;
  object["review_reason"] = clean(verdict.review_reason);
  object["review_said"] = sentences(verdict.review_reason);
  object["human_verdict"] = human_verdict(analysis.human_verdict);
  object["began"] = began(verdict.began);
  json::array trace;
  for (const auto& found : verdict.trace) trace.push_back(finding(found));
  object["trace"] = std::move(trace);
  return object;
}

// A moment of the box's clock, the frame nearest to it, and how far before or after it that frame was taken.
json::object event(const Analysis& analysis, double box_time) {
  json::object object;
  object["time"] = time(box_time);
  const auto& points = analysis.tracks.left.points;
  const double moment = box_time + analysis.log_offset;
  const auto index = nearest_point(points, moment);
  object["frame"] = index ? json::value(points[*index].number) : nullptr;
  object["distance_ms"] = index ? rounded((points[*index].time - moment) * 1000, 1) : nullptr;
  return object;
}

json::object phrase(const Analysis& analysis) {
  const types::Phrase& phrase = analysis.phrase;
  json::object object;
  json::array touches, contacts;
  for (const auto& touch : phrase.touches) {
    json::object entry = event(analysis, touch.time);
    entry["side"] = text(to_string(touch.scorer));
    entry["valid"] = touch.valid;
    if (touch.error > 0) entry["error_ms"] = rounded(touch.error * 1000, 1);
    touches.push_back(std::move(entry));
  }
  for (const double contact : phrase.blade_contacts) contacts.push_back(event(analysis, contact));
  object["touches"] = std::move(touches);
  if (phrase.order_unknown) object["order"] = "unknown";
  object["lockout"] = nullptr;
  if (phrase.lockout) {
    object["lockout"] = {{"start", time(phrase.lockout->start)}, {"length", time(phrase.lockout->length)}};
  }
  object["blade_contacts"] = std::move(contacts);
  object["start"] = optional_time(phrase.start);
  object["end"] = optional_time(phrase.end);
  object["source"] = to_string(analysis.touch_source);
  object["declared_winner"] = declared_winner(analysis.human_verdict);
  return object;
}

json::object seen_lamp(const types::SeenLamp& lamp) {
  json::object object;
  object["side"] = text(to_string(lamp.side));
  object["valid"] = lamp.valid;
  object["time"] = time(lamp.time);
  object["frame"] = lamp.frame;
  object["error_ms"] = rounded(lamp.error * 1000, 1);
  object["onset_unknown"] = lamp.onset_unknown;
  object["sureness"] = rounded(lamp.sureness, 2);
  object["area"] = {rounded(lamp.area.x, 0), rounded(lamp.area.y, 0), rounded(lamp.area.width, 0),
                    rounded(lamp.area.height, 0)};
  return object;
}

json::value lamps(const types::SeenLamps& seen) {
  if (!seen.places.watch) return nullptr;
  json::object object;
  object["where"] = to_string(seen.places);
  json::array all;
  for (const auto& lamp : seen.lamps) all.push_back(seen_lamp(lamp));
  object["seen"] = std::move(all);
  object["elsewhere"] = seen.elsewhere;
  object["lag_ms"] = nullptr;
  object["lag_error_ms"] = nullptr;
  object["lag"] = nullptr;
  if (!seen.lag) return object;
  object["lag_ms"] = rounded(seen.lag->seconds * 1000, 0);
  object["lag_error_ms"] = rounded(seen.lag->error * 1000, 0);
  object["lag"] = types::to_string(*seen.lag);
  return object;
}

json::object stretch(const types::Action& action) {
  json::object object;
  object["start"] = time(action.start);
  object["end"] = time(action.end);
  object["start_frame"] = action.first_frame;
  object["end_frame"] = action.last_frame;
  return object;
}

json::array pauses(const Analysis& analysis, Side side) {
  json::array array;
  for (const auto& action : analysis.verdict.actions) {
    if (action.kind != "pause" || action.side != side) continue;
    json::object object = stretch(action);
    object["start_time"] = object.at("start");
    object["end_time"] = object.at("end");
    object["duration"] = time(action.end - action.start);
    array.push_back(std::move(object));
  }
  return array;
}

json::array actions(const Analysis& analysis) {
  json::array array;
  for (const auto& action : analysis.verdict.actions) {
    json::object object = stretch(action);
    object["kind"] = clean(action.kind);
    object["side"] = text(to_string(action.side));
    object["confidence"] = rounded(action.confidence, 4);
    array.push_back(std::move(object));
  }
  return array;
}

json::object seen(const types::Seen& seen) {
  json::object object;
  object["part"] = rounded(seen.part, 4);
  object["score"] = rounded(seen.score, score_decimals);
  object["torso_variation"] = rounded(seen.torso_variation, 4);
  object["fastest_step"] = rounded(seen.fastest_step, 2);
  object["doubt"] = rounded(seen.doubt, 4);
  return object;
}

json::object fencer_quality(const types::FencerQuality& fencer) {
  json::object object;
  object["phrase"] = seen(fencer.phrase);
  object["last_second"] = seen(fencer.last_second);
  object["height"] = rounded(fencer.height, 0);
  object["believed"] = rounded(fencer.believed, 4);
  json::array lapses;
  for (const types::Lapse& lapse : fencer.lapses) {
    lapses.push_back(json::object{{"kind", text(to_string(lapse.kind))},
                                  {"start", time(lapse.start)},
                                  {"end", time(lapse.end)},
                                  {"start_frame", lapse.first_frame},
                                  {"end_frame", lapse.last_frame},
                                  {"text", clean(lapse.text)}});
  }
  object["lapses"] = std::move(lapses);
  return object;
}

json::value quality(const types::Quality& quality) {
  if (!quality.known) return nullptr;
  json::object object;
  for (const Side side : types::both_sides) object[to_string(side)] = fencer_quality(quality.fencers[side]);
  object["believed"] = rounded(quality.believed, 4);
  return object;
}

json::object file_names(const Files& files) {
  json::object object;
  object["video"] = name_or_null(files.video);
  object["signal"] = name_or_null(files.signal);
  object["overlay"] = name_or_null(files.overlay);
  object["keypoints"] = name_or_null(files.keypoints);
  object["result"] = name_or_null(files.result);
  return object;
}

// What is there under this URL stays what it is, for it names the folder.
json::object file_urls(const Analysis& analysis, const Files& files, const ResultOptions& options) {
  const std::string before = "/sessions/" + base::percent_encoded(analysis.id) + "/artifacts/";
  const std::string folder = std::filesystem::path(options.directory).filename().string();
  json::object object = file_names(files);
  for (auto& [what, name] : object) {
    if (name.is_string())
      name = before + std::string(name.get_string()) + "?v=" + base::percent_encoded(folder);
  }
  return object;
}

json::object streaming_stats(const types::StreamingStats& stats) {
  json::object object;
  object["frames_received"] = stats.frames_received;
  object["duplicate_frames"] = stats.duplicate_frames;
  object["out_of_order_frames"] = stats.out_of_order_frames;
  object["missing_frames"] = stats.missing_frames;
  object["first_frame_number"] = stats.first_frame_number;
  object["rejected_frames"] = stats.rejected_frames;
  object["size_mismatches"] = stats.size_mismatches;
  object["bytes_received"] = stats.bytes_received;
  object["duration_seconds"] = rounded(stats.duration_seconds, 3);
  return object;
}

json::object timings(const Analysis& analysis) {
  json::object object;
  for (const auto& [stage, seconds] : analysis.timings) object[stage] = time(seconds);
  return object;
}

json::array warnings(const Analysis& analysis) {
  json::array array;
  for (const auto& warning : analysis.warnings) array.push_back(clean(warning));
  return array;
}

json::array warnings_said(const Analysis& analysis) {
  json::array array;
  for (const auto& warning : analysis.warnings) array.push_back(sentences(warning));
  return array;
}

json::value keypoint(const types::Keypoint& point) {
  if (!(point.score > 0) || !std::isfinite(point.x) || !std::isfinite(point.y)) return nullptr;
  return json::array{rounded(point.x, pixel_decimals), rounded(point.y, pixel_decimals),
                     rounded(point.score, score_decimals)};
}

json::array keypoints(const types::Track& track) {
  json::array frames;
  frames.reserve(track.points.size());
  for (const auto& point : track.points) {
    if (!point.seen) {
      frames.push_back(nullptr);
      continue;
    }
    json::array joints;
    joints.reserve(types::joint::count);
    for (const auto& joint : point.keypoints) joints.push_back(keypoint(joint));
    frames.push_back(std::move(joints));
  }
  return frames;
}

json::array stretches(const std::vector<types::Stretch>& all) {
  json::array array;
  for (const types::Stretch& one : all) {
    array.push_back(json::object{{"start", time(one.start)},
                                 {"end", time(one.end)},
                                 {"start_frame", one.first_frame},
                                 {"end_frame", one.last_frame}});
  }
  return array;
}

json::array views(const Analysis& analysis) {
  json::array array;
  for (const auto& point : analysis.tracks.left.points) {
    const types::CameraFrame* frame = analysis.camera_motion.at(point.number);
    if (!frame || frame->sight == types::Sight::lost) {
      array.push_back(nullptr);
      continue;
    }
    const types::View& view = frame->view;
    array.push_back(json::array{rounded(view.zoom(), 5), rounded(view.roll(), 5),
                                rounded(view.x, pixel_decimals), rounded(view.y, pixel_decimals)});
  }
  return array;
}

json::object camera(const Analysis& analysis, const ResultOptions& options) {
  const types::CameraAccount& account = analysis.camera;
  json::object object;
  object["moved"] = account.moved;
  object["speed_median"] = rounded(account.speed_median, 4);
  object["speed_most"] = rounded(account.speed_most, 4);
  object["zoom_least"] = rounded(account.zoom_least, 4);
  object["zoom_most"] = rounded(account.zoom_most, 4);
  object["error"] = rounded(account.error, 3);
  object["known_before_hit"] = rounded(account.trust, 3);
  object["cuts"] = stretches(account.cuts);
  object["lost"] = stretches(account.lost);
  object["black"] = stretches(account.black);
  object["frozen"] = stretches(account.frozen);
  object["new_pictures_per_second"] =
      account.new_pictures > 0 ? rounded(account.new_pictures, 2) : json::value();
  if (options.include_keypoints && account.moved) object["views"] = views(analysis);
  return object;
}

json::object keypoints(const Analysis& analysis) {
  const types::Tracks& tracks = analysis.tracks;
  json::object object;
  object["fps"] = rounded(tracks.fps, 3);
  object["width"] = analysis.width;  // of the picture that they are pixels of
  object["height"] = analysis.height;
  json::array numbers;
  for (const auto& point : tracks.left.points) numbers.push_back(point.number);
  object["frames"] = std::move(numbers);
  object["left"] = keypoints(tracks.left);
  object["right"] = keypoints(tracks.right);
  if (analysis.camera.moved) {
    object["on_piste"] = {{"left", keypoints(analysis.on_piste.left)},
                          {"right", keypoints(analysis.on_piste.right)}};
  }
  return object;
}

}  // namespace

std::string decision_json(const Analysis& analysis) {
  return base::json_text(decision(analysis));
}

// With the frames' times, by which a player finds a frame, and the box's zero on their clock.
std::string keypoints_json(const Analysis& analysis) {
  json::object object = keypoints(analysis);
  json::array times;
  for (const auto& point : analysis.tracks.left.points) times.push_back(time(point.time));
  object["times"] = std::move(times);
  object["log_offset"] = time(analysis.log_offset);
  return base::json_text(object);
}

std::string result_json(const Analysis& analysis, const Files& files, const ResultOptions& options) {
  json::object result;
  result["status"] = "success";
  result["session_id"] = clean(analysis.id);
  result["winner"] = text(to_string(analysis.verdict.winner));
  result["reason"] = clean(analysis.verdict.reason);
  result["natural_language_reason"] = clean(analysis.verdict.reason);
  result["declared_winner"] = declared_winner(analysis.human_verdict);
  result["decision"] = decision(analysis);
  result["weapon"] = text(to_string(analysis.weapon));
  result["phrase"] = phrase(analysis);
  result["lamps"] = lamps(analysis.lamps);
  result["left_pauses"] = pauses(analysis, Side::left);
  result["right_pauses"] = pauses(analysis, Side::right);
  result["actions"] = actions(analysis);
  result["quality"] = quality(analysis.verdict.quality);
  result["frames_analyzed"] = analysis.tracks.left.points.size();
  result["undecodable_frames"] = analysis.undecodable_frames;
  result["width"] = analysis.width;
  result["height"] = analysis.height;
  result["camera"] = camera(analysis, options);
  result["time_source"] = clean(analysis.time_source);
  result["artifacts"] = file_names(files);
  if (options.over_http) result["artifact_urls"] = file_urls(analysis, files, options);
  result["artifact_dir"] = clean(options.directory);
  result["processing_time_seconds"] = rounded(analysis.processing_time, 3);
  result["wall_time_seconds"] = rounded(analysis.wall_time, 3);
  result["streaming_stats"] = streaming_stats(analysis.streaming);
  result["timings"] = timings(analysis);
  result["warnings"] = warnings(analysis);
  result["warnings_said"] = warnings_said(analysis);
  if (options.include_keypoints) result["keypoints"] = keypoints(analysis);
  return base::json_text(result);
}

}  // namespace piste::artifacts
