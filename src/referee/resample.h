// Measurements at the camera's moments -> motion on an even clock. Internal to the kinematics.
#pragma once

#include <vector>

#include "referee/kinematics.h"
#include "referee/samples.h"

namespace piste::referee {

// Empty where there are fewer than two samples. Before the first and after the last the joint holds still,
// not known; across holes it goes straight, known if they are no longer than .4 s.
Series resample(const Samples& samples, const std::vector<double>& times);

}  // namespace piste::referee
