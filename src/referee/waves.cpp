#include "referee/waves.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>

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

struct Joint {
  std::string_view name;
  std::optional<Part> part;  // none: the hips
  std::size_t speed_waves;
  std::size_t place_waves;

  const Series& of(const FencerMotion& fencer) const { return part ? fencer[*part] : fencer.hips; }
};

constexpr std::array<Joint, 9> kJoints{{
    {"hips", std::nullopt, kSpeedWaves, kPlaceWaves},
    {"front_hand", Part::front_wrist, kSpeedWaves, kPlaceWaves},
    {"rear_elbow", Part::rear_elbow, kSlowSpeedWaves, kSlowPlaceWaves},
    {"front_elbow", Part::front_elbow, kSlowSpeedWaves, kSlowPlaceWaves},
    {"rear_hand", Part::rear_wrist, kSlowSpeedWaves, kSlowPlaceWaves},
    {"rear_knee", Part::rear_knee, kSlowSpeedWaves, kSlowPlaceWaves},
    {"front_knee", Part::front_knee, kSlowSpeedWaves, kSlowPlaceWaves},
    {"rear_ankle", Part::rear_ankle, kSlowSpeedWaves, kSlowPlaceWaves},
    {"front_ankle", Part::front_ankle, kSlowSpeedWaves, kSlowPlaceWaves},
}};

}  // namespace

const std::array<std::string, kWaves>& wave_names() {
  static const auto all = [] {
    std::array<std::string, kWaves> out;
    std::size_t next = 0;
    const auto add = [&](std::string_view joint, const char* kind, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) out[next++] = std::string(joint) + kind + std::to_string(i);
    };
    for (const Joint& joint : kJoints) add(joint.name, "_speed_", joint.speed_waves);
    for (const Joint& joint : kJoints) add(joint.name, "_place_", joint.place_waves);
    return out;
  }();
  return all;
}

Waves waves(const FencerMotion& fencer, std::size_t touch) {
  Waves out{};
  double* next = out.data();
  for (const Joint& joint : kJoints)
    next = add_waves(speeds(joint.of(fencer), touch), joint.speed_waves, next);
  for (const Joint& joint : kJoints)
    next = add_waves(places(joint.of(fencer), touch), joint.place_waves, next);
  return out;
}

}  // namespace piste::referee
