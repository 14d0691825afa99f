// GET /sessions/{id}, its /result, /live.jpg, /artifacts/{name}, /keypoints and /curves: what became of a
// phrase, or of a bout and its phrases, asked for over any connection.
#pragma once

#include <filesystem>
#include <optional>

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

// The folder of the phrase that is asked for. A link opens its own phrase; others mean the newest of the id,
// whose files may be another node's.
std::optional<std::filesystem::path> phrase_of(const Question& asked);
// The folder of the bout whose phrase is asked for. A link opens its own bout, and not one that runs by now.
std::optional<std::filesystem::path> bout_of(const Question& asked);
// 404, and which node has the files, where one is known.
Reply not_here_reply(const Question& asked);
Reply state_reply(const Question& asked);
Reply result_reply(const Question& asked);
Reply live_picture_reply(const Question& asked);
Reply artifact_of_reply(const Question& asked);
Reply keypoints_reply(const Question& asked);
Reply curves_reply(const Question& asked);
// Of a phrase of a bout.
Reply part_result_reply(const Question& asked);
Reply part_artifact_reply(const Question& asked);
Reply part_keypoints_reply(const Question& asked);
Reply part_curves_reply(const Question& asked);

}  // namespace piste::server
