// The result JSON, put into words for a person.
#pragma once

#include <string>
#include <string_view>

namespace piste::client {

struct VerdictText {
  bool analysed = false;  // false: the result says that the analysis failed, or has no winner
  std::string text;       // lines, each ending in a newline; foreign text is escaped
};

// result: the guide's result object, of this service or of the one that it replaces. Fields that are missing
// or of another kind are left out.
VerdictText describe_result(std::string_view result);

}  // namespace piste::client
