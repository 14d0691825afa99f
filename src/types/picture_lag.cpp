#include "types/picture_lag.h"

#include <cmath>

namespace piste::types {

std::string to_string(const PictureLag& lag) {
  const auto ms = [](double seconds) { return std::to_string(std::lround(std::abs(seconds) * 1000)); };
  return std::string("the picture ") + (lag.seconds < 0 ? "is ahead of" : "lags") + " the box by " +
         ms(lag.seconds) + " +- " + ms(lag.error) + " ms";
}

}  // namespace piste::types
