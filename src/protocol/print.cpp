#include "protocol/print.h"

#include <cmath>

#include "protocol/json_text.h"

namespace piste::protocol {
namespace {

// {"type": type, "session_id": id or null
JsonObject begin(std::string_view type, std::string_view session_id) {
  JsonObject object;
  object.add("type", type);
  object.raw("session_id", session_id.empty() ? "null" : json_string(session_id));
  return object;
}

std::string print(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    out += json_string(text);
  }
  return out + ']';
}

std::string print(const std::vector<FrameRange>& ranges) {
  std::string out = "[";
  for (const FrameRange& range : ranges) {
    if (out.size() > 1) out += ',';
    out += '[' + std::to_string(range.first) + ',' + std::to_string(range.last) + ']';
  }
  return out + ']';
}

std::string print(const Validation& validation) {
  return JsonObject()
      .add("valid", validation.valid)
      .raw("issues", print(validation.issues))
      .add("frame_count", validation.frame_count)
      .add("missing_frames", validation.missing_frames)
      .add("duplicate_frames", validation.duplicate_frames)
      .add("out_of_order_frames", validation.out_of_order_frames)
      .add("has_signal", validation.has_signal)
      .add("rejected_frames", validation.rejected_frames)
      .add("size_mismatches", validation.size_mismatches)
      .text();
}

}  // namespace

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::protocol_error:
      return "PROTOCOL_ERROR";
    case ErrorCode::invalid_message:
      return "INVALID_MESSAGE";
    case ErrorCode::session_start_failed:
      return "SESSION_START_FAILED";
    case ErrorCode::session_resume_failed:
      return "SESSION_RESUME_FAILED";
    case ErrorCode::no_active_session:
      return "NO_ACTIVE_SESSION";
    case ErrorCode::frame_processing_failed:
      return "FRAME_PROCESSING_FAILED";
    case ErrorCode::processing_failed:
      return "PROCESSING_FAILED";
    case ErrorCode::box_refused:
      return "BOX_REFUSED";
    case ErrorCode::session_timeout:
      return "SESSION_TIMEOUT";
    case ErrorCode::touch_refused:
      return "TOUCH_REFUSED";
    case ErrorCode::internal_error:
      break;
  }
  return "INTERNAL_ERROR";
}

std::string print(const SessionStarted& message) {
  return begin("session_started", message.session_id).add("resume_token", message.resume_token).text();
}

std::string print(const SessionResumed& message) {
  return begin("session_resumed", message.session_id)
      .add("state", message.state)
      .raw("ranges", print(message.ranges))
      .add("has_signal", message.has_signal)
      .text();
}

std::string print(const FrameAck& message) {
  return begin("frame_ack", message.session_id)
      .add("frame_number", message.frame_number)
      .add("status", message.status == FrameStatus::received ? "received" : "duplicate")
      .text();
}

std::string print(const SessionEnded& message) {
  return begin("session_ended", message.session_id).raw("validation", print(message.validation)).text();
}

std::string print(const SignalAck& message) {
  return begin("signal_ack", message.session_id).add("status", "received").text();
}

std::string print(const TouchAck& message) {
  return begin("touch_ack", message.session_id)
      .add("side", to_string(message.side))
      .add("status", "received")
      .text();
}

std::string print(const PhraseDecision& message) {
  return begin("phrase_decision", message.session_id)
      .add("number", message.number)
      .raw("decision", message.decision)
      .text();
}

std::string print(const PhraseComplete& message) {
  const auto score = JsonObject().add("left", message.score.left).add("right", message.score.right);
  return begin("phrase_complete", message.session_id)
      .add("number", message.number)
      .add("start", message.start)
      .add("end", message.end)
      .raw("score", score.text())
      .add("folder", message.folder)
      .raw("result", message.result)
      .text();
}

std::string print(const PictureLag& message) {
  return begin("picture_lag", message.session_id)
      .add("piste", message.piste)
      .add("lag_ms", std::lround(message.lag.seconds * 1000))
      .add("lag_error_ms", std::lround(message.lag.error * 1000))
      .add("lag", types::to_string(message.lag))
      .text();
}

std::string print(const ProcessStart& message) {
  return begin("process_start", message.session_id).text();
}

std::string print(const ProcessProgress& message) {
  JsonObject object = begin("process_progress", message.session_id);
  object.add("stage", message.stage).add("progress", message.progress).add("message", message.message);
  if (!message.decision.empty()) object.raw("decision", message.decision);
  return object.text();
}

std::string print(const ProcessComplete& message) {
  return begin("process_complete", message.session_id).raw("result", message.result).text();
}

std::string print(const Error& message) {
  JsonObject object = begin("error", message.session_id);
  object.add("error_code", name_of(message.code))
      .add("error_message", message.message)
      .add("recoverable", message.recoverable);
  if (message.frame_number) object.add("frame_number", *message.frame_number);
  if (message.retry_after) object.add("retry_after", *message.retry_after);
  return object.text();
}

std::string print(const SessionAborted& message) {
  return begin("session_aborted", message.session_id).text();
}

std::string print(const Pong& message) {
  JsonObject object = begin("pong", message.session_id);
  if (!message.id.empty()) object.raw("id", message.id);
  if (!message.timestamp.empty()) object.raw("timestamp", message.timestamp);
  if (message.clocks) {
    object.add("client_time", message.clocks->client_time)
        .add("server_received", message.clocks->server_received)
        .add("server_time", message.clocks->server_time);
  }
  return object.text();
}

std::string print(const BoxOpened& message) {
  return begin("box_opened", {}).add("piste", message.piste).add("next", message.next).text();
}

std::string print(const BoxAck& message) {
  return begin("box_ack", {}).add("piste", message.piste).add("next", message.next).text();
}

}  // namespace piste::protocol
