#include "session/snapshot.h"

#include <cmath>

#include "protocol/json_text.h"

namespace piste::session {
namespace {

using protocol::JsonObject;

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::string session_json(const Snapshot& session) {
  JsonObject object;
  object.add("session_id", session.id).add("state", to_string(session.stage));
  object.add("fps", session.fps).add("width", session.width).add("height", session.height);
  if (session.expected_frames) {
    object.add("expected_frames", *session.expected_frames);
  } else {
    object.raw("expected_frames", "null");
  }
  if (session.progress) object.add("progress", rounded(*session.progress));
  if (session.kept_by) object.add("kept_by", to_string(*session.kept_by));
  return object.add("frames_received", session.stats.frames_received)
      .add("duplicate_frames", session.stats.duplicate_frames)
      .add("out_of_order_frames", session.stats.out_of_order_frames)
      .add("missing_frames", session.stats.missing_frames)
      .add("rejected_frames", session.stats.rejected_frames)
      .add("size_mismatches", session.stats.size_mismatches)
      .add("bytes_received", session.stats.bytes_received)
      .add("has_signal", session.has_signal)
      .add("memory_mb", megabytes(session.memory_bytes))
      .add("frames_waiting", session.frames_waiting)
      .add("duration_seconds", rounded(session.stats.duration_seconds))
      .add("idle_seconds", rounded(session.idle_seconds))
      .add("attached", session.attached)
      .text();
}

}  // namespace

double megabytes(std::size_t bytes) {
  return rounded(static_cast<double>(bytes) / (1 << 20));
}

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::create:
      return "CREATE";
    case Stage::receiving_frames:
      return "RECEIVING_FRAMES";
    case Stage::frames_complete:
      return "FRAMES_COMPLETE";
    case Stage::processing:
      return "PROCESSING";
    case Stage::cleanup:
      break;
  }
  return "CLEANUP";
}

std::string status_json(const Snapshot& session) {
  return session_json(session);
}

std::string status_json(std::string_view id, std::string_view state) {
  return JsonObject().add("session_id", id).add("state", state).text();
}

std::string stats_json(const std::vector<Snapshot>& sessions, const Totals& totals,
                       const std::string& boxes) {
  std::int64_t frames = 0;
  std::string list = "{";
  for (const Snapshot& session : sessions) {
    frames += session.stats.frames_received;
    if (list.size() > 1) list += ',';
    list += protocol::json_string(session.id) + ':' + session_json(session);
  }
  JsonObject stats;
  stats.add("active_sessions", sessions.size())
      .add("max_sessions", totals.max_sessions)
      .add("total_memory_mb", megabytes(totals.memory_bytes))
      .add("max_memory_mb", megabytes(totals.max_memory_bytes))
      .add("total_frames", frames)
      .add("streaming_enabled", true)  // the predecessor's clients ask for it
      .raw("sessions", list + '}');
  if (!boxes.empty()) stats.raw("boxes", boxes);
  return stats.text();
}

}  // namespace piste::session
