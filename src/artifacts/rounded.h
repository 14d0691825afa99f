// Numbers as the JSON files have them.
#pragma once

#include <boost/json/value.hpp>
#include <cmath>

namespace piste::artifacts {

// To so many decimals; null unless finite.
inline boost::json::value rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double unit = std::pow(10, decimals);
  const double result = std::round(value * unit) / unit;
  return std::isfinite(result) ? result + 0.0 : value;  // + 0.0: no minus zero
}

}  // namespace piste::artifacts
