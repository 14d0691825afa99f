// How the camera that sees a scene is handled: on its tripod, swung to and fro, zoomed, or held by hand.
#pragma once

#include <cstdint>

#include "types/camera.h"

namespace piste::render {

struct CameraWork {
  double pan = 0;    // metres a second on the piste at the fastest, to and fro over 1.2 m; 0..6
  double zoom = 1;   // out and in again every 5 s, so many times; 1..2
  double shake = 0;  // pixels of a picture 1280 wide, of a hand that trembles and sways; 0..20

  bool moves() const { return pan > 0 || zoom > 1 || shake > 0; }
};

// The camera's way over a still picture of the scene. It stands so far back that what is in the still picture
// leaves its own as little as can be.
class CameraPath {
 public:
  // metre: pixels of the still picture.
  CameraPath(const CameraWork& work, int width, int height, double metre, std::uint64_t seed);

  types::View at(double time) const;  // of the still picture in the one at `time`
  int margin() const;                 // px of the scene beyond the still picture that can come into view

 private:
  double sway(double time, int which) const;

  CameraWork work_;
  double width_;
  double height_;
  double reach_;  // px of the still picture, to either side
  double back_;   // zoom that makes room for it
  std::uint64_t seed_;
};

}  // namespace piste::render
