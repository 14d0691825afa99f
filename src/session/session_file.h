// What a session is beside its frames, as its folder has it: enough to go on with it when the server was
// killed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages.h"
#include "session/caller.h"

namespace piste::session {

struct SessionRecord {
  enum class Stage {
    receiving,
    ended,     // session_end has come
    judged,    // the result is on the disk, but no video: the frame log stays
    complete,  // result and video are on the disk
  };

  std::string owner;
  protocol::SessionStart start;
  std::string token_hash;
  Stage stage = Stage::receiving;
  std::optional<std::int64_t> total_frames;  // as session_end had it
  int attempts = 0;           // analyses that were begun after a restart and not stopped in order
  std::int64_t sequence = 0;  // larger than that of all phrases there were: no clock says which is newer

  SessionKey key() const { return {owner, start.session_id}; }
};

std::string print(const SessionRecord& record);
// nullopt when the text is none of ours.
std::optional<SessionRecord> parse_session_record(std::string_view text);

}  // namespace piste::session
