#include "render/camera_work.h"

#include <array>
#include <cmath>
#include <numbers>

namespace piste::render {
namespace {

constexpr double turn = 2 * std::numbers::pi;
constexpr double pan_reach = .6;   // m
constexpr double zoom_period = 5;  // s
constexpr double usual_width = 1280;
constexpr double most_sway = 3.2;  // of the deviation: the sum of all waves

// Of a hand: slow sway and fast tremor, waves a second and their share.
struct Wave {
  double frequency;
  double share;
};
constexpr std::array<Wave, 4> waves{{{.7, .9}, {1.9, .8}, {4.3, .6}, {7.1, .35}}};

}  // namespace

CameraPath::CameraPath(const CameraWork& work, int width, int height, double metre, std::uint64_t seed)
    : work_(work),
      width_(width),
      height_(height),
      reach_(work.pan > 0 ? pan_reach * metre : 0),
      back_(width / (width + 2 * reach_)),
      seed_(seed) {}

// Deviation 1.
double CameraPath::sway(double time, int which) const {
  double sum = 0;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const auto phase = static_cast<double>((seed_ * 7 + static_cast<std::uint64_t>(which) * 5 + i * 3) % 11);
    sum += waves[i].share * std::sin(turn * (waves[i].frequency * time + phase / 11));
  }
  return sum;
}

types::View CameraPath::at(double time) const {
  if (!work_.moves()) return {};
  const double shake = work_.shake * width_ / usual_width;
  const double wide = .5 + .5 * std::cos(turn * time / zoom_period);
  const double zoom = back_ * std::pow(work_.zoom, -wide);
  const double roll = work_.shake > 0 ? .5 * shake / width_ * sway(time, 2) : 0;
  const double pan = work_.pan > 0 ? reach_ * std::sin(time * work_.pan / pan_reach) : 0;
  types::View view{zoom * std::cos(roll), zoom * std::sin(roll), 0, 0};
  // About the picture's middle; the camera that pans to the right moves what it shows to the left.
  const double x = width_ / 2;
  const double y = height_ / 2;
  const double at_x = x + pan;
  view.x = x + shake * sway(time, 0) - (view.a * at_x - view.b * y);
  view.y = y + shake * sway(time, 1) - (view.b * at_x + view.a * y);
  return view;
}

int CameraPath::margin() const {
  if (!work_.moves()) return 0;
  const double widest = work_.zoom / back_;
  const double shake = most_sway * work_.shake * width_ / usual_width * widest;
  const double tilt = .5 * most_sway * work_.shake / usual_width * width_;
  return static_cast<int>(std::ceil(width_ * (widest - 1) / 2 + reach_ + shake + tilt)) + 2;
}

}  // namespace piste::render
