#include "pose/clothes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "pose/framing.h"

namespace piste::pose {
namespace {

using namespace types::joint;
using types::Colour;
using types::Keypoint;

constexpr float least_known = 0.2F;
constexpr std::array<float, 3> along{0.25F, 0.5F, 0.75F};
constexpr std::size_t least_samples = 4;

using Samples = std::array<std::vector<float>, 3>;

void take(const types::Frame& frame, float x, float y, Samples& samples) {
  const double column = std::floor(x * frame.scale);
  const double row = std::floor(y * frame.scale);
  const types::Image& image = frame.image;
  if (!(column >= 0 && row >= 0 && column < image.width && row < image.height)) return;
  const std::size_t at = (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                          static_cast<std::size_t>(column)) *
                         3;
  for (std::size_t c = 0; c < 3; ++c) samples[c].push_back(static_cast<float>(image.bgr[at + c]) / 255);
}

void take_between(const types::Frame& frame, const Keypoint& a, const Keypoint& b, Samples& samples) {
  for (const float part : along) take(frame, a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part, samples);
}

std::optional<Colour> middle(Samples& samples) {
  if (samples[0].size() < least_samples) return std::nullopt;
  Colour colour{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto at = samples[c].begin() + static_cast<std::ptrdiff_t>(samples[c].size() / 2);
    std::nth_element(samples[c].begin(), at, samples[c].end());
    colour[c] = *at;
  }
  return colour;
}

}  // namespace

std::optional<types::Clothes> clothes_of(const types::Frame& frame, const types::Keypoints& keypoints) {
  if (!is_sound(frame.image)) return std::nullopt;
  for (const std::size_t joint :
       {left_shoulder, right_shoulder, left_hip, right_hip, left_knee, right_knee}) {
    if (!(keypoints[joint].score >= least_known)) return std::nullopt;
  }
  Samples trunk;
  take_between(frame, keypoints[left_shoulder], keypoints[left_hip], trunk);
  take_between(frame, keypoints[right_shoulder], keypoints[right_hip], trunk);
  take_between(frame, keypoints[left_shoulder], keypoints[right_hip], trunk);
  Samples legs;
  take_between(frame, keypoints[left_hip], keypoints[left_knee], legs);
  take_between(frame, keypoints[right_hip], keypoints[right_knee], legs);
  const auto above = middle(trunk);
  const auto below = middle(legs);
  if (!above || !below) return std::nullopt;
  return types::Clothes{*above, *below};
}

}  // namespace piste::pose
