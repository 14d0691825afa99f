#include "render/backdrop.h"

#include <algorithm>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "render/brush.h"

namespace piste::render {
namespace {

constexpr double wall_foot = .62;  // metres above the fencers' line where the wall meets the floor
constexpr double piste_far = .20;  // of the piste's edges above and below the fencers' line
constexpr double piste_near = .30;
constexpr double box_height = 2.42;  // of the box's middle above the floor

cv::Scalar colour(double blue, double green, double red) {
  return {blue, green, red};
}

cv::Scalar shaded(const cv::Scalar& base, double by) {
  return base * by;
}

void draw_wall(Brush& brush) {
  const double w = brush.half_width() + .5;
  const cv::Scalar paint = brush.some_colour({112, 122, 104}, {138, 134, 126});
  constexpr int bands = 24;
  const double step = (brush.top() - wall_foot) / bands;
  for (int i = 0; i < bands; ++i) {
    brush.box(-w, wall_foot + i * step, w, wall_foot + (i + 1.1) * step, shaded(paint, .86 + .010 * i));
  }
  const cv::Scalar panel = brush.some_colour({72, 92, 112}, {90, 104, 128});
  for (double x = -w; x < w; x += .9) {
    brush.box(x, wall_foot, x + .88, wall_foot + 1.02, shaded(panel, brush.some(.92, 1.04)));
  }
  brush.box(-w, wall_foot, w, wall_foot + .09, shaded(panel, .5));
  brush.box(-w, wall_foot + 1.02, w, wall_foot + 1.06, shaded(panel, .7));
}

void draw_windows(Brush& brush) {
  const double w = brush.half_width();
  for (double x = -w - .3; x < w; x += 1.7) {
    brush.box(x, 3.35, x + 1.5, 4.6, colour(96, 94, 92));
    brush.box(x + .06, 3.41, x + .73, 4.6, colour(196, 190, 182));
    brush.box(x + .77, 3.41, x + 1.44, 4.6, colour(188, 184, 178));
  }
}

void draw_wall_bars(Brush& brush, double left) {
  const cv::Scalar wood = colour(84, 122, 156);
  for (int rung = 0; rung < 13; ++rung) {
    brush.line(left, .75 + rung * .17, left + 1.1, .75 + rung * .17, .035, wood);
  }
  for (const double x : {left, left + 1.1}) brush.box(x - .035, wall_foot, x + .035, 3.0, shaded(wood, .8));
}

void draw_door(Brush& brush, double left) {
  brush.box(left - .07, wall_foot, left + 1.07, 2.75, colour(100, 104, 108));
  brush.box(left, wall_foot, left + 1.0, 2.68, colour(118, 92, 66));
  brush.box(left + .15, 1.9, left + .85, 2.5, colour(140, 132, 120));
  brush.disc(left + .9, 1.62, .035, colour(190, 190, 190));
}

void draw_banner(Brush& brush, double left, const cv::Scalar& cloth) {
  brush.box(left, 2.05, left + 1.25, 2.85, cloth);
  brush.box(left + .1, 2.6, left + .9, 2.7, colour(210, 210, 210));
  brush.box(left + .1, 2.42, left + .7, 2.5, colour(200, 200, 200));
  brush.line(left + .2, 2.15, left + 1.1, 2.33, .035, colour(205, 205, 205));
  brush.line(left + .2, 2.33, left + 1.1, 2.15, .035, colour(205, 205, 205));
}

void draw_bench(Brush& brush, double left) {
  const cv::Scalar wood = colour(90, 130, 165);
  brush.box(left, .80, left + 1.5, .87, wood);
  for (const double x : {left + .12, left + 1.3}) brush.box(x, .45, x + .08, .80, shaded(wood, .7));
  brush.box(left + .35, .87, left + .95, 1.12, colour(60, 40, 36));  // a bag with a towel on it
  brush.box(left + .45, 1.08, left + .85, 1.15, colour(170, 160, 120));
}

void draw_clutter(Brush& brush) {
  const double w = brush.half_width();
  draw_windows(brush);
  draw_wall_bars(brush, -w + brush.some(.1, .5));
  draw_wall_bars(brush, -w + 1.6 + brush.some(0, .2));
  draw_door(brush, w - 1.6 - brush.some(0, .5));
  draw_banner(brush, -1.95 + brush.some(-.2, .2), colour(120, 62, 44));
  draw_banner(brush, 1.15 + brush.some(-.2, .2), colour(52, 58, 130));
  draw_bench(brush, -w + 1.2 + brush.some(0, 1));
  draw_bench(brush, w - 3.6 - brush.some(0, .6));
}

void draw_floor(Brush& brush) {
  const double w = brush.half_width() + .5;
  const cv::Scalar wood = brush.some_colour({92, 126, 150}, {112, 140, 168});
  double low = wall_foot;
  for (double depth = .10; low > -3; depth *= 1.12) {  // boards look wider the nearer they are
    brush.box(-w, low - depth, w, low, shaded(wood, brush.some(.95, 1.03)));
    low -= depth;
  }
  brush.line(-w, -.75, w, -.75, .05, colour(160, 90, 60));
  brush.line(-w, .47, w, .47, .03, colour(70, 80, 180));
}

void draw_piste(Brush& brush, double middle) {
  const double end = 7 + .8;
  brush.box(middle - end, -piste_near - .04, middle + end, piste_far + .01, colour(70, 72, 74));
  constexpr int bands = 10;
  for (int i = 0; i < bands; ++i) {
    const double low = -piste_near + i * (piste_far + piste_near) / bands;
    brush.box(middle - end, low, middle + end, low + .06, shaded(colour(150, 149, 147), 1.03 - .010 * i));
  }
  const cv::Scalar mark = colour(226, 226, 226);
  const auto across = [&](double x, double thickness) {
    brush.line(middle + x * 1.015, -piste_near, middle + x * .985, piste_far, thickness, mark);
  };
  across(0, .05);
  for (const double x : {-5., -2., 2., 5.}) across(x, .06);
  for (double x = -6.5; x < 7; x += 1.0)
    brush.line(middle + x, -piste_near, middle + x, piste_far, .008, colour(120, 119, 118));
}

void draw_stand(Brush& brush, double middle) {
  brush.box(middle - .035, .42, middle + .035, box_height, colour(62, 62, 62));
  brush.polygon({{middle - .32, .38}, {middle + .32, .38}, {middle + .04, .52}, {middle - .04, .52}},
                colour(54, 54, 54));
}

void draw_box(Brush& brush, double middle) {
  brush.box(middle - .62, box_height - .24, middle + .62, box_height + .24, colour(34, 34, 34));
  brush.box(middle - .59, box_height - .21, middle + .59, box_height + .21, colour(24, 24, 24));
  brush.box(middle - .13, box_height - .06, middle + .13, box_height + .08, colour(46, 60, 40));
  const cv::Scalar digit = colour(80, 150, 235);
  for (const double x : {-.09, .0, .06}) {
    brush.line(middle + x, box_height - .03, middle + x, box_height + .05, .014, digit);
    brush.line(middle + x, box_height + .05, middle + x + .035, box_height + .05, .014, digit);
  }
}

constexpr double lamp_offset = .36;

void draw_lamp(Brush& brush, double x, const cv::Scalar& glass) {
  brush.box(x - .19, box_height - .14, x + .19, box_height + .14, shaded(glass, .6));
  brush.box(x - .17, box_height - .12, x + .17, box_height + .12, glass);
}

// A slow mottle of light, so that no surface is flat.
void mottle(cv::Mat& picture, std::uint64_t seed) {
  cv::RNG random(seed + 11);
  cv::Mat coarse(9, 16, CV_32F);
  cv::Mat fine(72, 128, CV_32F);
  random.fill(coarse, cv::RNG::NORMAL, 0, 4);
  random.fill(fine, cv::RNG::NORMAL, 0, 2.2);
  cv::Mat sum;
  cv::Mat grain;
  cv::resize(coarse, sum, picture.size(), 0, 0, cv::INTER_CUBIC);
  cv::resize(fine, grain, picture.size(), 0, 0, cv::INTER_LINEAR);
  sum += grain;
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{sum, sum, sum}, three);
  cv::add(picture, three, picture, cv::noArray(), CV_8U);
}

void vignette(cv::Mat& picture) {
  const double cx = picture.cols / 2.0;
  const double cy = picture.rows / 2.0;
  for (int y = 0; y < picture.rows; ++y) {
    auto* row = picture.ptr<cv::Vec3b>(y);
    for (int x = 0; x < picture.cols; ++x) {
      const double r2 = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (cx * cx + cy * cy);
      const auto keep = static_cast<float>(1 - .22 * r2);
      for (int c = 0; c < 3; ++c) row[x][c] = static_cast<std::uint8_t>(static_cast<float>(row[x][c]) * keep);
    }
  }
}

types::Image to_image(const cv::Mat& picture) {
  types::Image image{picture.cols, picture.rows, {}};
  image.bgr.resize(picture.total() * 3);
  const std::size_t row = static_cast<std::size_t>(picture.cols) * 3;
  for (int y = 0; y < picture.rows; ++y) {
    std::memcpy(image.bgr.data() + static_cast<std::size_t>(y) * row, picture.ptr(y), row);
  }
  return image;
}

// The lamp lit: bright glass, and its glow on what is around it.
cv::Mat lit_around(const cv::Mat& picture, const View& view, double x, const cv::Scalar& glass,
                   cv::Rect area) {
  cv::Mat lit = picture.clone();
  Brush brush(lit, view, 0);
  draw_lamp(brush, x, glass);
  cv::Mat glow(picture.size(), CV_8UC3, cv::Scalar::all(0));
  Brush light(glow, view, 0);
  light.box(x - .2, box_height - .15, x + .2, box_height + .15, glass * .8);
  cv::GaussianBlur(glow(area), glow(area), {}, .07 * view.metre);
  cv::Mat result;
  cv::add(lit(area), glow(area), result);
  return result;
}

void lay(types::Image& picture, const types::Image& patch, const Area& area) {
  const std::size_t bytes = static_cast<std::size_t>(area.width()) * 3;
  for (int y = area.top; y < area.bottom; ++y) {
    const std::size_t to = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                            static_cast<std::size_t>(area.left)) *
                           3;
    std::memcpy(picture.bgr.data() + to, patch.bgr.data() + static_cast<std::size_t>(y - area.top) * bytes,
                bytes);
  }
}

}  // namespace

types::Image seen_through(const types::Image& larger, std::span<const types::View> views, int width,
                          int height) {
  // OpenCV only reads it.
  const cv::Mat all(larger.height, larger.width, CV_8UC3, const_cast<std::uint8_t*>(larger.bgr.data()));
  cv::Mat sum;
  for (const types::View& view : views) {
    cv::Mat one;
    const cv::Matx23d matrix(view.a, -view.b, view.x, view.b, view.a, view.y);
    cv::warpAffine(all, one, matrix, {width, height}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    if (views.size() == 1) return to_image(one);
    if (sum.empty()) sum = cv::Mat::zeros(one.size(), CV_16UC3);
    cv::add(sum, one, sum, cv::noArray(), CV_16U);
  }
  cv::Mat mean;
  sum.convertTo(mean, CV_8U, 1. / static_cast<double>(views.size()));
  return to_image(mean);
}

Backdrop::Backdrop(const View& view, std::uint64_t seed) {
  cv::Mat picture(view.height, view.width, CV_8UC3, cv::Scalar::all(90));
  Brush brush(picture, view, seed);
  draw_wall(brush);
  draw_clutter(brush);
  draw_floor(brush);
  cv::GaussianBlur(picture, picture, {}, std::max(.4, .014 * view.metre));  // out of focus
  draw_stand(brush, 0);
  draw_piste(brush, 0);
  draw_box(brush, 0);
  cv::GaussianBlur(picture, picture, {}, std::max(.3, .005 * view.metre));
  mottle(picture, seed);
  vignette(picture);

  const types::PerSide<cv::Scalar> off{colour(26, 24, 70), colour(26, 62, 24)};
  const types::PerSide<cv::Scalar> on{colour(60, 60, 255), colour(90, 255, 90)};
  for (const types::Side side : types::both_sides) {
    draw_lamp(brush, side == types::Side::left ? -lamp_offset : lamp_offset, off[side]);
  }
  dark_ = to_image(picture);
  for (const types::Side side : types::both_sides) {
    const double x = side == types::Side::left ? -lamp_offset : lamp_offset;
    const cv::Point2d middle = brush.at(x, box_height);
    lamps_[side] = {static_cast<float>(middle.x), static_cast<float>(middle.y)};
    // The glow of one lamp ends where the other's begins: in the middle of the box.
    const int reach = static_cast<int>(.35 * view.metre);
    const cv::Rect around(cvRound(middle.x) - reach, cvRound(middle.y) - reach, 2 * reach, 2 * reach);
    const cv::Rect area = around & cv::Rect(0, 0, view.width, view.height);
    if (area.empty()) continue;
    lit_[side] = to_image(lit_around(picture, view, x, on[side], area));
    lit_area_[side] = {area.x, area.y, area.x + area.width, area.y + area.height};
  }
}

types::Image Backdrop::picture(types::PerSide<bool> lamps) const {
  types::Image image = dark_;
  for (const types::Side side : types::both_sides) {
    if (lamps[side]) lay(image, lit_[side], lit_area_[side]);
  }
  return image;
}

}  // namespace piste::render
