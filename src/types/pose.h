// One person in one frame: 17 keypoints in COCO order, in pixels of the received frame (x right, y down).
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace piste::types {

struct Keypoint {
  float x = 0;
  float y = 0;
  float score = 0;  // 0..1, how sure the model is; 0: not known, x and y mean nothing
};

namespace joint {
enum Index : std::size_t {
  nose,
  left_eye,
  right_eye,
  left_ear,
  right_ear,
  left_shoulder,
  right_shoulder,
  left_elbow,
  right_elbow,
  left_wrist,
  right_wrist,
  left_hip,
  right_hip,
  left_knee,
  right_knee,
  left_ankle,
  right_ankle,
};
constexpr std::size_t count = 17;
}  // namespace joint

using Keypoints = std::array<Keypoint, joint::count>;

struct BoundingBox {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
  float width() const { return right - left; }
  float height() const { return bottom - top; }
};

// Blue, green, red, 0..1, as the camera shows it.
using Colour = std::array<float, 3>;

struct Clothes {
  Colour trunk{};
  Colour legs{};
};

struct Pose {
  Keypoints keypoints{};
  BoundingBox box;
  float score = 0;                      // 0..1, how sure the model is that this is a person
  std::optional<Clothes> clothes = {};  // nullopt: they were not looked at, or are not seen
};

}  // namespace piste::types
