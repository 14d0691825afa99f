// One line an event, on stderr: time, level, session id, text. Thread-safe.
// Text from outside is escaped here (control characters as \xNN), so no client can forge a line.
#pragma once

#include <string_view>

namespace piste::base::log {

enum class Level { debug, info, warning, error };

// The names of REFEREE_LOG_LEVEL: DEBUG, INFO, WARNING, ERROR in any case. False for another name, nothing
// changed.
bool set_level(std::string_view name);
bool enabled(Level level);
// A JSON object a line instead: time, level, session, message. Before the first line is written.
void set_json();

// session: the id of the session that the event belongs to, or empty.
void write(Level level, std::string_view session, std::string_view text);

inline void debug(std::string_view session, std::string_view text) {
  write(Level::debug, session, text);
}
inline void info(std::string_view session, std::string_view text) {
  write(Level::info, session, text);
}
inline void warning(std::string_view session, std::string_view text) {
  write(Level::warning, session, text);
}
inline void error(std::string_view session, std::string_view text) {
  write(Level::error, session, text);
}

}  // namespace piste::base::log
