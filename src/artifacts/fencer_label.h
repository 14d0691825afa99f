// The label over a fencer: what he is doing now and which way he goes. Internal to the module.
#pragma once

#include <optional>

#include "artifacts/canvas.h"
#include "types/verdict.h"

namespace piste::artifacts {

// What the fencer is doing at a moment; of several actions the one that began last. Nothing: not known.
const types::Action* action_at(const types::Verdict& verdict, types::Side side, double time);

class FencerLabel {
 public:
  FencerLabel(types::Side side, double scale) : side_(side), scale_(scale) {}

  // head: in picture pixels, nothing when not known now. The label follows it softly.
  void follow(const std::optional<cv::Point2d>& head);
  void draw(Canvas& canvas, const types::Action* action) const;

 private:
  void draw_chevrons(Canvas& canvas, cv::Point2d at, int count, int direction, Colour colour) const;

  const types::Side side_;
  const double scale_;
  std::optional<cv::Point2d> place_;
};

}  // namespace piste::artifacts
