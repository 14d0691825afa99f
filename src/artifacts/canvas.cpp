#include "artifacts/canvas.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "artifacts/ascii.h"

namespace piste::artifacts {
namespace {

constexpr int oversampling = 4;
constexpr double capital_height = 21;  // of Hershey simplex at scale 1
constexpr double mask_margin = .6;     // around a mask, in capital heights: room for descenders
constexpr double word_space = .55;     // in capital heights
constexpr std::size_t max_kept = 512;  // masks
constexpr int subpixel_bits = 4;
constexpr double far_away = 30000;  // OpenCV's fixed-point coordinates overflow a little beyond

struct Stroke {
  double scale;
  int thickness;
};

Stroke stroke_for(double height, bool bold) {
  const double large = height * oversampling;
  return {large / capital_height, std::max(1, static_cast<int>(std::lround(large * (bold ? .2 : .14))))};
}

// The words of a text with their places, in large pixels; the font's own spaces are too wide for labels.
struct Word {
  std::string letters;
  int left;
};

int place_words(const std::string& text, const Stroke& stroke, std::vector<Word>& words) {
  const int space = cvRound(stroke.scale * capital_height * word_space);
  int x = stroke.thickness;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      words.push_back({text.substr(at, end - at), x});
      int below = 0;
      x += cv::getTextSize(words.back().letters, cv::FONT_HERSHEY_SIMPLEX, stroke.scale, stroke.thickness,
                           &below)
               .width;
    }
    if (end < text.size()) x += space;
    at = end + 1;
  }
  return (x + stroke.thickness) / oversampling + 1;
}

// Thick strokes four times too large lose OpenCV's rough edges when they are averaged down.
cv::Mat1b draw_text(const std::string& text, double height, bool bold) {
  const Stroke stroke = stroke_for(height, bold);
  std::vector<Word> words;
  const int w = place_words(text, stroke, words);
  const int h = static_cast<int>(std::ceil(height * (1 + 2 * mask_margin)));
  cv::Mat1b large(h * oversampling, w * oversampling, uchar{0});
  const auto baseline = static_cast<int>(std::lround((h / 2. + height / 2) * oversampling));
  for (const auto& word : words) {
    cv::putText(large, word.letters, {word.left, baseline}, cv::FONT_HERSHEY_SIMPLEX, stroke.scale,
                cv::Scalar(255), stroke.thickness);
  }
  cv::Mat1b mask;
  cv::resize(large, mask, {w, h}, 0, 0, cv::INTER_AREA);
  return mask;
}

// Integers: this runs for every pixel of every label of every frame.
void blend(cv::Vec3b& pixel, Colour colour, int weight) {  // weight: 0..256
  const auto towards = [weight](int from, int to) {
    return static_cast<std::uint8_t>(from + (((to - from) * weight) >> 8));
  };
  pixel = {towards(pixel[0], colour.b), towards(pixel[1], colour.g), towards(pixel[2], colour.r)};
}

cv::Scalar scalar(Colour colour) {
  return {double(colour.b), double(colour.g), double(colour.r)};
}

bool is_drawable(cv::Point2d p) {
  return std::abs(p.x) < far_away && std::abs(p.y) < far_away;
}

cv::Point fixed_point(cv::Point2d p) {
  return {static_cast<int>(std::lround(p.x * (1 << subpixel_bits))),
          static_cast<int>(std::lround(p.y * (1 << subpixel_bits)))};
}

}  // namespace

int Lettering::width(const std::string& text, double height, bool bold) {
  std::vector<Word> words;
  return place_words(to_ascii(text), stroke_for(height, bold), words);
}

const cv::Mat1b& Lettering::mask(const std::string& text, double height, bool bold) {
  std::string key = text + '\n' + std::to_string(std::lround(height * 8)) + (bold ? "b" : "");
  if (const auto found = drawn_.find(key); found != drawn_.end()) return found->second;
  if (drawn_.size() >= max_kept) drawn_.clear();
  return drawn_.emplace(std::move(key), draw_text(to_ascii(text), height, bold)).first->second;
}

// coverage(x, y): how much of the pixel with this centre is inside, 0..1.
template <class Coverage>
void Canvas::shade(const cv::Rect2d& box, Colour colour, double opacity, Coverage coverage) {
  if (!is_drawable(box.tl()) || !is_drawable(box.br())) return;
  const cv::Rect outer(cv::Point(cvFloor(box.x), cvFloor(box.y)),
                       cv::Point(cvCeil(box.br().x), cvCeil(box.br().y)));
  const cv::Rect inside = outer & cv::Rect(0, 0, image_.cols, image_.rows);
  for (int y = inside.y; y < inside.br().y; ++y) {
    auto* row = image_[y];
    for (int x = inside.x; x < inside.br().x; ++x) {
      const double share = coverage(x + .5, y + .5);
      if (share > 0) blend(row[x], colour, static_cast<int>(std::min(share, 1.) * opacity * 256));
    }
  }
}

// A rounded box is the points within `radius` of a smaller box; the last pixel of that distance is shaded.
void Canvas::fill(const cv::Rect2d& box, double radius, Colour colour, double opacity) {
  const double hx = box.width / 2, hy = box.height / 2, cx = box.x + hx, cy = box.y + hy;
  const double r = std::min({radius, hx, hy});
  shade(box, colour, opacity, [=](double x, double y) {
    const double dx = std::abs(x - cx) - (hx - r), dy = std::abs(y - cy) - (hy - r);
    if (dx <= 0 && dy <= 0) return 1.;
    const double distance = dx > 0 && dy > 0 ? std::sqrt(dx * dx + dy * dy) : std::max(dx, dy);
    return r - distance + .5;
  });
}

void Canvas::disc(cv::Point2d centre, double radius, Colour colour, double opacity) {
  fill({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, radius, colour, opacity);
}

void Canvas::ring(cv::Point2d centre, double radius, double thickness, Colour colour, double opacity) {
  const double outer = radius + thickness;
  shade({centre.x - outer, centre.y - outer, 2 * outer, 2 * outer}, colour, opacity, [=](double x, double y) {
    return thickness / 2 - std::abs(std::hypot(x - centre.x, y - centre.y) - radius) + .5;
  });
}

void Canvas::glow(cv::Point2d centre, double radius, Colour colour, double opacity) {
  shade({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, colour, opacity,
        [=](double x, double y) {
          const double dx = (x - centre.x) / radius, dy = (y - centre.y) / radius;
          const double near = std::max(0., 1 - dx * dx - dy * dy);
          return near * near;
        });
}

void Canvas::line(cv::Point2d from, cv::Point2d to, double thickness, Colour colour) {
  if (!is_drawable(from) || !is_drawable(to)) return;
  cv::line(image_, fixed_point(from), fixed_point(to), scalar(colour),
           std::max(1, static_cast<int>(std::lround(thickness))), cv::LINE_AA, subpixel_bits);
}

void Canvas::dashes(cv::Point2d from, cv::Point2d to, double thickness, double dash, Colour colour) {
  if (!is_drawable(from) || !is_drawable(to) || dash < 1) return;
  const double length = cv::norm(to - from);
  for (double at = 0; at < length; at += 2 * dash) {
    line(from + (to - from) * (at / length), from + (to - from) * (std::min(at + dash, length) / length),
         thickness, colour);
  }
}

void Canvas::text(const std::string& text, cv::Point2d at, double height, Align align, Colour colour,
                  bool bold, double opacity) {
  const cv::Mat1b& mask = lettering_.mask(text, height, bold);
  const double left = align == Align::left    ? at.x
                      : align == Align::right ? at.x - mask.cols
                                              : at.x - mask.cols / 2.;
  const cv::Point origin(cvRound(left), cvRound(at.y - mask.rows / 2.));
  const cv::Rect inside = cv::Rect(origin, mask.size()) & cv::Rect(0, 0, image_.cols, image_.rows);
  const int weight = static_cast<int>(opacity * 257);
  for (int y = inside.y; y < inside.br().y; ++y) {
    const auto* shape = mask[y - origin.y];
    auto* row = image_[y];
    for (int x = inside.x; x < inside.br().x; ++x) {
      if (const int ink = shape[x - origin.x]) blend(row[x], colour, (ink * weight) >> 8);
    }
  }
}

}  // namespace piste::artifacts
