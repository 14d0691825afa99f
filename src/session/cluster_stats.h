// GET /streaming/stats of all nodes.
#pragma once

#include <string>
#include <vector>

#include "session/directory.h"
#include "session/snapshot.h"

namespace piste::session {

// here: this node's sessions, of which it knows all.
std::string cluster_stats_json(const std::vector<Snapshot>& here,
                               const std::vector<Directory::Running>& elsewhere,
                               const std::vector<Directory::Node>& nodes);

}  // namespace piste::session
