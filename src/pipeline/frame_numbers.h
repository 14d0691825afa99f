// Frames' numbers as a person reads them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace piste::pipeline {

// "7, 12-13": a few ranges, in order, and how many more there are.
std::string numbers_text(const std::vector<std::int64_t>& numbers);

}  // namespace piste::pipeline
