// The value in the middle; of an even number the greater of the two.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace piste::base {

// Precondition: not empty.
template <class Value>
Value median(std::vector<Value> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace piste::base
