// Which findings a verdict is shown with. Internal to the module.
#pragma once

#include <string>
#include <vector>

#include "types/verdict.h"

namespace piste::artifacts {

// The at most three weightiest findings that have a text and a weight and speak for the winner (for nobody's
// touch: any), in order of time. Those for which a referee has no words are among them only where there are
// no others. They point into the verdict.
std::vector<const types::Finding*> decisive_findings(const types::Verdict& verdict);

// "TOUCH LEFT", "NO TOUCH", ...
std::string headline(types::Winner winner);

}  // namespace piste::artifacts
