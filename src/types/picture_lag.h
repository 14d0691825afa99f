// By how much the picture is behind the scoring box's clock.
#pragma once

#include <string>

namespace piste::types {

struct PictureLag {
  double seconds = 0;
  double error = 0;
};

// "the picture lags the box by 182 +- 9 ms"
std::string to_string(const PictureLag& lag);

}  // namespace piste::types
