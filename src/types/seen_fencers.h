// Where the fencers are in one picture.
#pragma once

#include <cstdint>
#include <optional>

#include "types/pose.h"
#include "types/side.h"

namespace piste::types {

struct SeenFencers {
  std::int64_t frame = 0;  // its number
  int width = 0;           // pixels of the picture that the keypoints are pixels of
  int height = 0;
  PerSide<std::optional<Keypoints>> fencers;  // none: not seen
};

}  // namespace piste::types
