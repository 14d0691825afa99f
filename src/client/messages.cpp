#include "client/messages.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "base/json_text.h"
#include "base/text.h"
#include "video/codec.h"

namespace piste::client {
namespace {

namespace json = boost::json;

Error malformed(std::string_view what) {
  return {ErrorCode::connection,
          "the server sent something that is not of this protocol: " + std::string(what)};
}

// Of a foreign object: the field if it is there and of that kind, else a neutral value.
std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value || !value->is_string()) return {};
  return std::string(value->get_string());
}

std::optional<std::int64_t> integer_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value) return std::nullopt;
  boost::system::error_code inexact;
  const auto number = value->to_number<std::int64_t>(inexact);
  return inexact ? std::nullopt : std::optional(number);
}

double fraction_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value || !value->is_number()) return 0;
  const double number = value->to_number<double>();
  return std::isfinite(number) ? std::clamp(number, 0.0, 1.0) : 0;
}

bool flag_at(const json::object& object, std::string_view key, bool otherwise) {
  const json::value* value = object.if_contains(key);
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

std::string first_text(const json::object& object, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (std::string found = text_at(object, key); !found.empty()) return found;
  }
  return {};
}

Result<Reply> read_frame_ack(const json::object& object) {
  const auto number = integer_at(object, "frame_number");
  if (!number) return malformed("a frame_ack without a frame_number");
  FrameAck ack{*number, AckStatus::received, first_text(object, {"warning", "error_message", "message"})};
  const std::string status = text_at(object, "status");
  if (status == "duplicate") {
    ack.status = AckStatus::duplicate;
  } else if (status != "received") {
    ack.status = AckStatus::error;
  }
  return Reply(std::move(ack));
}

// [first, last]; nullopt for anything else.
std::optional<std::pair<std::int64_t, std::int64_t>> read_range(const json::value& value) {
  if (!value.is_array() || value.get_array().size() != 2) return std::nullopt;
  const auto& ends = value.get_array();
  if (!ends[0].is_int64() || !ends[1].is_int64()) return std::nullopt;
  return std::pair(ends[0].get_int64(), ends[1].get_int64());
}

Result<Reply> read_resumed(const json::object& object) {
  Resumed resumed{text_at(object, "state"), {}, flag_at(object, "has_signal", false)};
  const json::value* ranges = object.if_contains("ranges");
  if (!ranges || !ranges->is_array()) return malformed("a session_resumed without ranges");
  for (const json::value& value : ranges->get_array()) {
    const auto range = read_range(value);
    if (!range) return malformed("a session_resumed with a range that is none");
    resumed.ranges.push_back(*range);
  }
  return Reply(std::move(resumed));
}

Result<Reply> read_ended(const json::object& object) {
  Ended ended;
  const json::value* validation = object.if_contains("validation");
  if (!validation || !validation->is_object()) return Reply(std::move(ended));
  ended.valid = flag_at(validation->get_object(), "valid", true);
  const json::value* issues = validation->get_object().if_contains("issues");
  if (issues && issues->is_array()) {
    for (const json::value& issue : issues->get_array()) {
      if (issue.is_string()) ended.issues.emplace_back(issue.get_string());
    }
  }
  return Reply(std::move(ended));
}

Result<Reply> read_complete(const json::object& object) {
  const json::value* result = object.if_contains("result");
  if (!result || !result->is_object()) return malformed("a process_complete without a result");
  return Reply(Complete{base::json_text(*result)});
}

Reply read_progress(const json::object& object) {
  Progress out{text_at(object, "stage"), fraction_at(object, "progress"), text_at(object, "message"), {}};
  const json::value* decision = object.if_contains("decision");
  if (decision && decision->is_object()) out.winner = text_at(decision->get_object(), "winner");
  return out;
}

Result<Reply> read_phrase(const json::object& object) {
  const json::value* result = object.if_contains("result");
  const auto number = integer_at(object, "number");
  if (!number || !result || !result->is_object()) return malformed("a phrase_complete without a result");
  const json::value* decision = result->get_object().if_contains("decision");
  const auto& told = decision && decision->is_object() ? decision->get_object() : result->get_object();
  PhraseComplete phrase;
  phrase.number = static_cast<int>(std::clamp<std::int64_t>(*number, 0, 1 << 20));
  phrase.winner = text_at(told, "winner");
  phrase.confidence = fraction_at(told, "confidence");
  phrase.review = flag_at(told, "review", false);
  phrase.reason = text_at(told, "reason");
  if (const json::value* score = object.if_contains("score"); score && score->is_object()) {
    const auto points = [&](std::string_view side) {
      return static_cast<int>(integer_at(score->get_object(), side).value_or(0));
    };
    phrase.left = points("left");
    phrase.right = points("right");
  }
  return Reply(std::move(phrase));
}

Reply read_error(const json::object& object) {
  return ServerError{text_at(object, "error_code"), first_text(object, {"error_message", "message"}),
                     flag_at(object, "recoverable", false), integer_at(object, "frame_number"),
                     integer_at(object, "retry_after")};
}

json::array points(const std::vector<types::Spot>& spots) {
  json::array all;
  for (const types::Spot& spot : spots) all.push_back(json::array{spot.x, spot.y});
  return all;
}

}  // namespace

std::string session_start(const StartMessage& start) {
  json::object message{{"type", "session_start"}, {"session_id", start.session_id},
                       {"fps", start.fps},        {"width", start.width},
                       {"height", start.height},  {"video_format", "bgr24"}};
  if (start.expected_frames) message["expected_frames"] = *start.expected_frames;
  if (start.weapon) message["weapon"] = types::to_string(*start.weapon);
  if (start.include_keypoints) message["include_keypoints"] = true;
  if (!start.overlay) message["save_overlay"] = false;
  if (start.h264) message["encoding"] = "h264";
  if (start.bout) message["mode"] = "bout";
  if (!start.piste.empty()) message["piste"] = start.piste;
  if (!start.marks.piste.empty()) message["piste_corners"] = points(start.marks.piste);
  if (start.marks.fencers)
    message["fencers"] = points({start.marks.fencers->left, start.marks.fencers->right});
  message["timestamps"] = types::to_string(start.timestamps);
  return base::json_text(message);
}

std::string frame_header(std::string_view session_id, const types::EncodedFrame& frame,
                         std::optional<int> quality) {
  // By hand: this one is sent with every frame.
  std::string out = R"({"type":"frame","session_id":)";
  out += json::serialize(json::string_view(session_id));
  out += R"(,"frame_number":)" + std::to_string(frame.number);
  if (frame.timestamp) {
    char text[64];
    std::snprintf(text, sizeof text, ",\"timestamp\":%.6f", *frame.timestamp);
    out += text;
  }
  out += R"(,"encoding":")" + std::string(video::to_string(frame.encoding)) + '"';
  if (quality) out += R"(,"quality":)" + std::to_string(*quality);
  out += R"(,"size":)" + std::to_string(frame.bytes->size()) + '}';
  return out;
}

std::string session_end(std::string_view session_id, std::int64_t total_frames) {
  return base::json_text(
      json::object{{"type", "session_end"}, {"session_id", session_id}, {"total_frames", total_frames}});
}

std::string session_abort(std::string_view session_id) {
  return base::json_text(json::object{{"type", "session_abort"}, {"session_id", session_id}});
}

std::string session_resume(std::string_view session_id, std::string_view resume_token, int phrases) {
  json::object message{
      {"type", "session_resume"}, {"session_id", session_id}, {"resume_token", resume_token}};
  if (phrases > 0) message["phrases"] = phrases;
  return base::json_text(message);
}

std::string touch_message(std::string_view session_id, const types::Touch& touch) {
  return base::json_text(json::object{{"type", "touch"},
                                      {"session_id", session_id},
                                      {"side", types::to_string(touch.scorer)},
                                      {"timestamp", touch.time},
                                      {"valid", touch.valid}});
}

std::string signal_header(std::string_view session_id, std::string_view filename, std::size_t size) {
  const std::string name = base::is_utf8(filename) ? std::string(filename) : base::escaped(filename);
  return base::json_text(
      json::object{{"type", "signal"}, {"session_id", session_id}, {"filename", name}, {"size", size}});
}

Result<Reply> parse_reply(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed) return malformed("not JSON");
  if (!value.is_object()) return malformed("JSON that is not an object");
  const json::object& object = value.get_object();
  const std::string type = text_at(object, "type");
  if (type.empty()) return malformed("a message without a type");
  if (type == "session_started") return Reply(Started{text_at(object, "resume_token")});
  if (type == "session_resumed") return read_resumed(object);
  if (type == "frame_ack") return read_frame_ack(object);
  if (type == "session_ended") return read_ended(object);
  if (type == "signal_ack") return Reply(SignalAck{});
  if (type == "process_start") return Reply(ProcessStart{});
  if (type == "process_progress") return read_progress(object);
  if (type == "process_complete") return read_complete(object);
  if (type == "phrase_complete") return read_phrase(object);
  if (type == "picture_lag") return Reply(PictureLag{text_at(object, "lag")});
  if (type == "error") return read_error(object);
  return Reply(Other{type});
}

}  // namespace piste::client
