// The learned evidence as findings, in a referee's words.
#pragma once

#include <string_view>
#include <vector>

#include "referee/kinematics.h"
#include "referee/model.h"
#include "types/phrase.h"
#include "types/verdict.h"

namespace piste::referee {

// The kind of what the networks say of the whole course: it tells what they saw (Sight of model.h). Its value
// is how much less they would have said without that.
constexpr std::string_view kCourse = "course";

// A topic without weight is left out.
std::vector<types::Finding> learned_findings(const Kinematics& motion, const Opinion& opinion,
                                             types::Weapon weapon);

}  // namespace piste::referee
