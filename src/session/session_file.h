// What a session is beside its frames, as session.json in its folder: enough to go on with it when the server
// was killed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages.h"
#include "recording/whole_file.h"
#include "session/caller.h"

namespace piste::session {

struct SessionRecord {
  enum class Stage {
    receiving,
    ended,     // session_end has come
    complete,  // the result is in the folder
  };

  std::string owner;
  protocol::SessionStart start;
  std::string token_hash;
  Stage stage = Stage::receiving;
  std::optional<std::int64_t> total_frames;  // as session_end had it
  int attempts = 0;                          // analyses that were begun after a restart

  SessionKey key() const { return {owner, start.session_id}; }
};

std::string print(const SessionRecord& record);
// Nothing when the text is none of ours.
std::optional<SessionRecord> parse_session_record(std::string_view text);

recording::Result<base::Done> write_session_file(const std::filesystem::path& directory,
                                                 const SessionRecord& record, recording::Durable durable);
std::optional<SessionRecord> read_session_file(const std::filesystem::path& directory);

}  // namespace piste::session
