// What a bench says: a JSON line a case on stdout for programs, a row of the same figures on stderr for
// people.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace piste::bench {

using Figures = std::vector<std::pair<const char*, double>>;

void report(const std::string& bench, const std::string& name, const Figures& figures);

// part: 0 the least, .5 the median, 1 the greatest; 0 of nothing.
double percentile(std::vector<double> values, double part);

}  // namespace piste::bench
