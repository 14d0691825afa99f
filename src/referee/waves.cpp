#include "referee/waves.h"

#include <cmath>
#include <numbers>

namespace piste::referee {
namespace {

constexpr std::size_t kBefore = 60;  // steps of the clock: 2 s
constexpr std::size_t kStep = 2;
constexpr std::size_t kSamples = 34;

using Shape = std::array<double, kSamples>;

const std::array<Shape, kWavesEach>& shapes() {
  static const auto all = [] {
    std::array<Shape, kWavesEach> out;
    for (std::size_t i = 0; i < kWavesEach; ++i)
      for (std::size_t k = 0; k < kSamples; ++k)
        out[i][k] =
            std::cos(std::numbers::pi * static_cast<double>(i) * (static_cast<double>(k) + 0.5) / kSamples) *
            (i > 0 ? std::numbers::sqrt2 : 1) / kSamples;
    return out;
  }();
  return all;
}

Shape sampled(const Series& series, std::size_t touch) {
  Shape out{};
  for (std::size_t k = 0; k < kSamples; ++k) {
    const std::size_t at = touch + k * kStep;  // kBefore steps too late: indices cannot be negative
    if (at >= kBefore && at - kBefore < series.size()) out[k] = series[at - kBefore].speed;
  }
  return out;
}

}  // namespace

const std::array<std::string, kWaves>& wave_names() {
  static const auto all = [] {
    std::array<std::string, kWaves> out;
    std::size_t next = 0;
    for (const char* joint : {"hips", "front_foot", "rear_foot", "front_hand", "front_knee", "front_elbow"})
      for (std::size_t i = 0; i < kWavesEach; ++i)
        out[next++] = std::string(joint) + "_wave_" + std::to_string(i);
    return out;
  }();
  return all;
}

std::array<double, kWaves> waves(const FencerMotion& fencer, std::size_t touch) {
  std::array<double, kWaves> out{};
  std::size_t next = 0;
  for (const Series* series :
       {&fencer.hips, &fencer[Part::front_ankle], &fencer[Part::rear_ankle], &fencer[Part::front_wrist],
        &fencer[Part::front_knee], &fencer[Part::front_elbow]}) {
    const Shape speeds = sampled(*series, touch);
    for (const Shape& shape : shapes()) {
      for (std::size_t k = 0; k < kSamples; ++k) out[next] += speeds[k] * shape[k];
      ++next;
    }
  }
  return out;
}

}  // namespace piste::referee
