// The scoring box's log -> touches, lockout, blade contacts. The grammar is in docs/scoring-log.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/phrase.h"
#include "types/verdict.h"

namespace piste::scoring {

enum class ErrorCode {
  empty,     // no bytes
  not_text,  // binary, or nothing in it that a scoring box writes
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

struct LogOptions {
  // The box names the sides as it sees them: its "Left scores on Right" is the right fencer in the picture.
  bool sides_swapped = true;
  types::Weapon weapon = types::Weapon::sabre;
};

struct Log {
  types::Phrase phrase;
  std::optional<types::HumanVerdict> human_verdict;  // reported, never an input to the decision
  std::vector<std::string> warnings;                 // lines that contradict one another, for people
};

// bytes: as the box wrote them, foreign and untrusted. Bytes that are not UTF-8 spoil only their line.
Result<Log> parse_log(std::string_view bytes, const LogOptions& options = {});

}  // namespace piste::scoring
