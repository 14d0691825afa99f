// What the pictures show in coordinates that stand still: those of the picture, where a broadcast's graphics
// are, or those of the hall, where the box is.
#pragma once

#include <cstddef>
#include <vector>

#include "lamps/shots.h"
#include "lamps/steps.h"

namespace piste::lamps {

class Screen {
 public:
  enum class Kind { picture, hall };
  Screen(Kind kind, const Grid& grid) : kind_(kind), grid_(grid), steps_(grid) {}

  // The newest of the shots is new; kept: how many before it are remembered.
  void add(const Shots& shots, std::size_t kept);
  // The hall's is the picture's as long as the camera stands still: then it has nothing to say.
  bool active() const { return active_; }
  Steps& steps() { return steps_; }
  const Steps& steps() const { return steps_; }
  // Of this screen's cells in each shot.
  std::vector<View> views(const Shots& shots) const;
  View view(const Shot& shot) const {
    return kind_ == Kind::picture ? View{} : shot.view.relative_to(reference_);
  }

 private:
  Sheet sheet(const Shot& shot) const;
  void begin_anew(const Shots& shots, std::size_t kept);

  Kind kind_;
  Grid grid_;
  Steps steps_;
  View reference_;
  bool active_ = false;
};

}  // namespace piste::lamps
