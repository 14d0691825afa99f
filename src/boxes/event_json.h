// Events as lines of JSON, there and back. docs/boxes.md says what each has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "boxes/event.h"

namespace piste::boxes {

// Without a line end.
std::string json_line(const Event& event);

// What a line of JSON says; times where it tells them.
struct ToldEvent {
  What what;
  std::optional<double> at;  // seconds
  std::optional<double> error;
};

enum class LineError { malformed };

// line: foreign. The error says which field is wrong and what would be right.
base::Result<ToldEvent, LineError> parse_event(std::string_view line);

}  // namespace piste::boxes
