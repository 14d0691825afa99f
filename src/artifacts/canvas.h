// Drawing with transparency and smooth edges into a picture. Everything is clipped to it. Internal to the
// module.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <unordered_map>

#include "artifacts/style.h"

namespace piste::artifacts {

// Text as masks. OpenCV's stroke font is drawn large and averaged down, which makes it smooth at any size;
// what was drawn is kept, since labels return in every frame.
class Lettering {
 public:
  // height: of a capital letter in pixels. bold: thicker strokes. The text is transliterated to ASCII.
  const cv::Mat1b& mask(const std::string& text, double height, bool bold);
  // As wide as mask() would be, without drawing.
  static int width(const std::string& text, double height, bool bold);

 private:
  std::unordered_map<std::string, cv::Mat1b> drawn_;
};

enum class Align { left, centre, right };

class Canvas {
 public:
  // Both are borrowed. image: 8-bit BGR.
  Canvas(cv::Mat3b& image, Lettering& lettering) : image_(image), lettering_(lettering) {}

  int width() const { return image_.cols; }
  int height() const { return image_.rows; }

  void fill(const cv::Rect2d& box, double radius, Colour colour, double opacity);
  void disc(cv::Point2d centre, double radius, Colour colour, double opacity);
  void ring(cv::Point2d centre, double radius, double thickness, Colour colour, double opacity);
  // Light that fades from the centre to nothing at the radius.
  void glow(cv::Point2d centre, double radius, Colour colour, double opacity);
  void line(cv::Point2d from, cv::Point2d to, double thickness, Colour colour);
  void dashes(cv::Point2d from, cv::Point2d to, double thickness, double dash, Colour colour);
  // at: the middle of the capital letters' height, at the left, middle or right of the text.
  void text(const std::string& text, cv::Point2d at, double height, Align align, Colour colour,
            bool bold = false, double opacity = 1);

 private:
  template <class Coverage>
  void shade(const cv::Rect2d& box, Colour colour, double opacity, Coverage coverage);

  cv::Mat3b& image_;
  Lettering& lettering_;
};

}  // namespace piste::artifacts
