// Lays a picture upon the landmarks of another one: the shift, zoom and roll between them. All landmarks
// together decide (so that edges hold too), those that fit badly (people, lamps) count less or not at all.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "camera/landmarks.h"
#include "types/camera.h"

namespace piste::camera {

struct Alignment {
  types::View view;         // of the landmarks' picture in this one, pixels of level 0
  std::size_t all = 0;      // landmarks
  std::size_t inside = 0;   // of them in the picture
  std::size_t visible = 0;  // and not behind people
  std::size_t good = 0;     // those that look as they did
  double error = 0;         // px of level 0, of the view at the landmarks' middle

  bool holds() const;           // enough of them to believe it, where it was expected about there
  bool holds_anywhere() const;  // or where it was not: edges fit along edges in many places
};

struct Search {
  bool wide = false;  // look for the shift in the whole neighbourhood first
};

// guess: about the view. people: hidden places, in pixels of level 0.
Alignment align(const std::vector<Landmark>& landmarks, const Pyramid& picture,
                std::span<const cv::Rect2f> people, const types::View& guess, const Search& search = {});

}  // namespace piste::camera
