#include "artifacts/marks.h"

#include <cmath>
#include <initializer_list>
#include <string>

namespace piste::artifacts {
namespace {

constexpr double mark_letters = 11;  // at scale 1

// From left to right: a mark and what it means, one after the other.
class Legend {
 public:
  Legend(Canvas& canvas, cv::Point2d at, double scale) : canvas_(canvas), at_(at), scale_(scale) {}

  void add_patch(std::initializer_list<Colour> colours, const std::string& name) {
    for (const Colour colour : colours) {
      canvas_.fill(patch(), 2 * scale_, colour, 1);
      at_.x += 13 * scale_;
    }
    add_name(name);
  }
  void add_doubt(const std::string& name) {
    canvas_.fill(patch(), 2 * scale_, palette::dark_grey, 1);
    draw_grille(canvas_, patch(), scale_);
    at_.x += 13 * scale_;
    add_name(name);
  }
  void add_flag(const std::string& name) {
    draw_flag(canvas_, at_, scale_);
    at_.x += 13 * scale_;
    add_name(name);
  }
  void add_blade(const std::string& name) {
    canvas_.fill({at_.x, at_.y - 8 * scale_, 3 * scale_, 16 * scale_}, 0, palette::steel, 1);
    at_.x += 6 * scale_;
    add_name(name);
  }

 private:
  cv::Rect2d patch() const { return {at_.x, at_.y - 6 * scale_, 12 * scale_, 12 * scale_}; }
  void add_name(const std::string& name) {
    canvas_.text(name, {at_.x + 3 * scale_, at_.y}, mark_letters * scale_, Align::left, palette::grey);
    at_.x += Lettering::width(name, mark_letters * scale_, false) + 20 * scale_;
  }

  Canvas& canvas_;
  cv::Point2d at_;
  const double scale_;
};

}  // namespace

void draw_hit(Canvas& canvas, cv::Point2d at, Colour colour, double scale) {
  canvas.disc(at, 11 * scale, palette::ink, 1);
  canvas.disc(at, 9 * scale, colour, 1);
  canvas.disc(at, 3.5 * scale, palette::white, 1);
}

void draw_flag(Canvas& canvas, cv::Point2d at, double scale) {
  const double reach = 8 * scale;
  canvas.fill({at.x - scale, at.y - reach - scale, 4 * scale, 2 * (reach + scale)}, 0, palette::ink, 1);
  for (double y = -reach; y < reach; ++y) {
    const double length = (1 - std::abs(y) / reach) * 11 * scale;
    canvas.fill({at.x + 2 * scale, at.y + y, length, 1}, 0, palette::white, 1);
  }
  canvas.fill({at.x, at.y - reach, 2 * scale, 2 * reach}, 0, palette::white, 1);
}

void draw_grille(Canvas& canvas, const cv::Rect2d& box, double scale) {
  canvas.fill(box, 2 * scale, palette::dark_grey, .75);
  const double step = 6 * scale;
  for (double x = box.x + step / 2; x < box.br().x; x += step)
    canvas.fill({x, box.y, 1.5 * scale, box.height}, 0, palette::grey, .7);
}

void draw_legend(Canvas& canvas, const cv::Rect2d& place, double scale) {
  Legend legend(canvas, {place.x, place.y + place.height / 2}, scale);
  legend.add_patch({palette::red, palette::green}, "forward");
  legend.add_patch({palette::amber}, "pause");
  legend.add_patch({palette::slate}, "back");
  legend.add_doubt("badly seen");
  legend.add_flag("began");
  legend.add_blade("blades");
}

}  // namespace piste::artifacts
