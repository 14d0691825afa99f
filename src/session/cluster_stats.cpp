#include "session/cluster_stats.h"

#include <algorithm>

#include "protocol/json_text.h"
#include "session/job.h"

namespace piste::session {
namespace {

using protocol::JsonObject;

JsonObject& add(JsonObject& object, const Totals& totals) {
  return object.add("max_sessions", totals.max_sessions)
      .add("total_memory_mb", megabytes(totals.memory_bytes))
      .add("max_memory_mb", megabytes(totals.max_memory_bytes));
}

// Names may be anything.
void append(std::string& object, const std::string& name, const std::string& value) {
  object += object.empty() ? '{' : ',';
  object += protocol::json_string(name) + ':' + value;
}

std::string json_of(const Directory::Node& node) {
  JsonObject object;
  return add(object, node.totals).add("heard_seconds_ago", node.heard_seconds_ago).text();
}

}  // namespace

std::string_view state_of(const Directory::Running& session) {
  if (session.shared && !session.shared->taken) return to_string(Stage::create);
  const bool ended = session.stage == SessionRecord::Stage::ended;
  return to_string(ended ? Stage::processing : Stage::receiving_frames);
}

std::string status_json(const Directory::Running& session) {
  JsonObject object;
  object.add("session_id", session.id).add("state", state_of(session));
  if (!session.node.empty()) object.add("node", session.node);
  if (session.shared)
    object.add("progress", session.shared->progress).add("kept_by", to_string(KeptBy::cluster));
  return object.text();
}

std::string cluster_stats_json(const std::vector<Snapshot>& here,
                               const std::vector<Directory::Running>& elsewhere,
                               const std::vector<Directory::Node>& nodes) {
  Totals all;
  std::string by_name, sessions;
  for (const Directory::Node& node : nodes) {
    all.max_sessions += node.totals.max_sessions;
    all.memory_bytes += node.totals.memory_bytes;
    all.max_memory_bytes += node.totals.max_memory_bytes;
    append(by_name, node.name, json_of(node));
  }
  std::size_t active = here.size();
  for (const Snapshot& session : here) append(sessions, session.id, status_json(session));
  for (const auto& session : elsewhere) {
    if (std::ranges::find(here, session.id, &Snapshot::id) != here.end()) continue;  // it has just moved
    append(sessions, session.id, status_json(session));
    ++active;
  }
  JsonObject stats;
  stats.add("scope", "cluster").add("active_sessions", active);
  return add(stats, all)
      .raw("nodes", by_name.empty() ? "{}" : by_name + '}')
      .raw("sessions", sessions.empty() ? "{}" : sessions + '}')
      .text();
}

}  // namespace piste::session
