// The scoring box's log -> touches, lockout, blade contacts. The grammar is in docs/scoring-log.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/phrase.h"
#include "types/said.h"
#include "types/verdict.h"

namespace piste::scoring {

enum class ErrorCode {
  empty,     // no bytes
  not_text,  // binary, or nothing in it that a scoring box writes
  no_time,   // a hit, but no time that can be read for it
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

struct LogOptions {
  // The box names the sides as it sees them: its "Left scores on Right" is the right fencer in the picture.
  bool sides_swapped = true;
  types::Weapon weapon = types::Weapon::sabre;
  // Seconds from the box's zero to the video's end, where they are known: of several phrases in one log, the
  // one that ends there is meant.
  std::optional<double> video_end = std::nullopt;
};

struct Log {
  types::Phrase phrase;
  std::optional<types::HumanVerdict> human_verdict;  // reported, never an input to the decision
  std::vector<types::Said> warnings;                 // lines that contradict one another, for people
  types::Said doubt;         // why a person should look, whatever decides; empty: no reason
  std::vector<double> ends;  // of the recordings of all phrases in the log, as far as it names them
};

// bytes: as the box wrote them, foreign and untrusted. Bytes that are not UTF-8 spoil only their line.
Result<Log> parse_log(std::string_view bytes, const LogOptions& options = {});

}  // namespace piste::scoring
