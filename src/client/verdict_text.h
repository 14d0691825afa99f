// The result JSON, put into words for a person.
#pragma once

#include <string>
#include <string_view>

#include "client/messages.h"

namespace piste::client {

struct VerdictText {
  bool analysed = false;  // false: the result says that the analysis failed, or has no winner
  std::string text;       // lines, each ending in a newline; foreign text is escaped
};

// result: the guide's result object, of this service or of the one that it replaces. Fields that are missing
// or of another kind are left out.
VerdictText describe_result(std::string_view result);

// " 3  left   0.83  review  2:1  attack from the left": a phrase of a bout.
std::string phrase_line(const PhraseComplete& phrase);
// What a whole bout came to. summary: the result object of a bout.
VerdictText describe_bout(std::string_view summary);

}  // namespace piste::client
