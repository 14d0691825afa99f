// Figures from several runs.
#pragma once

#include <vector>

namespace piste::bench {

// Precondition: not empty.
double median(std::vector<double> values);
// Three digits that count.
double rounded(double value);

template <class Run, class Figure>
double median_of(const std::vector<Run>& runs, Figure figure) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(static_cast<double>(figure(run)));
  return median(std::move(values));
}

}  // namespace piste::bench
