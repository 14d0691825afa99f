// What the scoring box writes of a phrase, in the grammar of docs/scoring-log.md: for phrases that no box has
// seen.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "types/phrase.h"

namespace piste::scoring {

// "2026-03-14 18:30:00"; nullopt for anything else.
std::optional<std::chrono::sys_seconds> parse_wall_clock(std::string_view text);

// The box's own names for the sides are swapped: "Left scores on Right" is the right fencer in the picture.
// The log ends where the box waits for the referee: it holds no one's verdict.
std::string box_log(const types::Phrase& phrase, int number, std::chrono::sys_seconds recorded);

}  // namespace piste::scoring
