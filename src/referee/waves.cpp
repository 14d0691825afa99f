#include "referee/waves.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace piste::referee {
namespace {

constexpr std::size_t kBefore = 74;  // steps of the clock
constexpr std::size_t kStep = 2;
constexpr std::size_t kSamples = 45;  // the last one 14 steps after the touch

using Shape = std::array<double, kSamples>;

const std::array<Shape, kSpeedWaves>& shapes() {
  static const auto all = [] {
    std::array<Shape, kSpeedWaves> out;
    for (std::size_t i = 0; i < kSpeedWaves; ++i)
      for (std::size_t k = 0; k < kSamples; ++k)
        out[i][k] =
            std::cos(std::numbers::pi * static_cast<double>(i) * (static_cast<double>(k) + 0.5) / kSamples) *
            (i > 0 ? std::numbers::sqrt2 : 1) / kSamples;
    return out;
  }();
  return all;
}

Shape speeds(const Series& series, std::size_t touch) {
  Shape out{};
  for (std::size_t k = 0; k < kSamples; ++k) {
    const std::size_t at = touch + k * kStep;  // kBefore steps too late: indices cannot be negative
    if (at >= kBefore && at - kBefore < series.size()) out[k] = series[at - kBefore].speed;
  }
  return out;
}

// Before its first and after its last sample a joint stands still.
Shape places(const Series& series, std::size_t touch) {
  Shape out{};
  if (series.empty()) return out;
  for (std::size_t k = 0; k < kSamples; ++k) {
    const std::size_t at = std::max(touch + k * kStep, kBefore) - kBefore;
    out[k] = series[std::min(at, series.size() - 1)].forward - series[touch].forward;
  }
  return out;
}

double* add_waves(const Shape& samples, std::size_t count, double* out) {
  for (std::size_t i = 0; i < count; ++i, ++out)
    for (std::size_t k = 0; k < kSamples; ++k) *out += samples[k] * shapes()[i][k];
  return out;
}

}  // namespace

const std::array<std::string, kWaves>& wave_names() {
  static const auto all = [] {
    std::array<std::string, kWaves> out;
    std::size_t next = 0;
    const auto add = [&](const char* name, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) out[next++] = name + std::to_string(i);
    };
    for (const char* name : {"hips_speed_", "front_hand_speed_"}) add(name, kSpeedWaves);
    for (const char* name : {"hips_place_", "front_hand_place_"}) add(name, kPlaceWaves);
    return out;
  }();
  return all;
}

Waves waves(const FencerMotion& fencer, std::size_t touch) {
  Waves out{};
  const auto joints = {&fencer.hips, &fencer[Part::front_wrist]};
  double* next = out.data();
  for (const Series* series : joints) next = add_waves(speeds(*series, touch), kSpeedWaves, next);
  for (const Series* series : joints) next = add_waves(places(*series, touch), kPlaceWaves, next);
  return out;
}

}  // namespace piste::referee
