// A network of the referee (referee/network.h) while it learns: AdamW, the rate up and down once.
#pragma once

#include <vector>

#include "lessons.h"
#include "referee/network.h"

namespace piste::learn {

// The same phrases and seed give the same network.
referee::Network teach(const std::vector<const Phrase*>& phrases, unsigned seed);

}  // namespace piste::learn
