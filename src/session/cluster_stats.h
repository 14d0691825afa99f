// What is told of sessions that are at other nodes: each, and GET /streaming/stats of all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/directory.h"
#include "session/snapshot.h"

namespace piste::session {

std::string_view state_of(const Directory::Running& session);
std::string status_json(const Directory::Running& session);

// here: this node's sessions, of which it knows all.
std::string cluster_stats_json(const std::vector<Snapshot>& here,
                               const std::vector<Directory::Running>& elsewhere,
                               const std::vector<Directory::Node>& nodes);

}  // namespace piste::session
