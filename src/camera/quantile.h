// The value below which a part of the others lie.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace piste::camera {

// Of nothing: 0.
inline double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace piste::camera
