#include "figures.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace piste::bench {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double rounded(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", value);
  return std::atof(text.data());
}

}  // namespace piste::bench
