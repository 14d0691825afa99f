// The label over a fencer: what he is doing now and which way he goes. Internal to the module.
#pragma once

#include <optional>
#include <string>

#include "artifacts/canvas.h"
#include "artifacts/said.h"

namespace piste::artifacts {

class FencerLabel {
 public:
  FencerLabel(types::Side side, double scale) : side_(side), scale_(scale) {}

  // head: in picture pixels, nullopt when not known now. The label follows it softly.
  void follow(const std::optional<cv::Point2d>& head, double time);
  // Where it would stand within the canvas; nullopt where nobody knows where the head is.
  std::optional<cv::Rect2d> box(const Canvas& canvas, const Said& said, double time) const;
  void draw(Canvas& canvas, const Said& said, const cv::Rect2d& box) const;
  // Above the label, filled: what happens in this moment.
  void draw_badge(Canvas& canvas, const std::string& text, Colour colour, double time) const;

 private:
  bool is_followed(double time) const;
  double arrow_of(Motion motion) const;
  void draw_chevrons(Canvas& canvas, cv::Point2d at, int count, int direction, Colour colour) const;

  const types::Side side_;
  const double scale_;
  std::optional<cv::Point2d> place_;
  double last_ = 0;  // s, that the head was known
};

// s, after which a label knows no more where it was.
constexpr double label_memory = .7;

}  // namespace piste::artifacts
