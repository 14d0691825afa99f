// The value in the middle; of an even number the greater of the two.
#pragma once

#include <algorithm>
#include <vector>

namespace piste::base {

// Of what lies between the two, which changes its order. Precondition: not empty.
template <class Iterator>
auto median(Iterator begin, Iterator end) {
  const auto middle = begin + (end - begin) / 2;
  std::nth_element(begin, middle, end);
  return *middle;
}

// Precondition: not empty.
template <class Value>
Value median(std::vector<Value> values) {
  return median(values.begin(), values.end());
}

}  // namespace piste::base
