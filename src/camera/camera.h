// Where the camera looked in each picture of a phrase, by what stands still behind the people.
//
// Each picture is laid upon a key picture of its shot, not upon the one before: so errors do not add up, late
// pictures find their place, and a camera that stands is exactly still (motion within a dead band is none).
// Where a picture fits nowhere, a new shot begins; if a later one fits the old shot again, it was a flash, a
// blur or somebody in front of the lens, and the shot goes on.
//
// Deterministic; one phrase, one call at a time. Some 1 ms a picture.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "types/camera.h"
#include "types/frame.h"
#include "types/pose.h"

namespace piste::camera {

class Camera {
 public:
  Camera();
  ~Camera();
  Camera(Camera&&) noexcept;
  Camera& operator=(Camera&&) noexcept;

  // people: where they are, about, in pixels of the received frame. Nothing there is held on to.
  void look(const types::Frame& frame, std::span<const types::BoundingBox> people);
  // What is known so far; the camera may be used on.
  types::CameraMotion motion() const;
  // For a camera that goes on for hours: pictures before this one are of no use any more.
  void drop(std::int64_t before);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piste::camera
