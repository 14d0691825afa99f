#include "referee/network.h"

#include <algorithm>
#include <cstring>

namespace piste::referee {
namespace {

constexpr std::size_t kPad = 8;  // still samples before and after: no layer looks further
constexpr std::size_t kPadded = kCourseSteps + 2 * kPad;

template <std::size_t channels>
using Signal = std::array<std::array<float, channels>, kPadded>;
using State = Signal<kWidth>;
using Found = std::array<float, kFound>;

Signal<2 * kCourseChannels> input(const Course& own, const Course& other) {
  Signal<2 * kCourseChannels> out{};
  for (std::size_t k = 0; k < kCourseSteps; ++k)
    for (std::size_t c = 0; c < kCourseChannels; ++c) {
      out[kPad + k][c] = own[k][c];
      out[kPad + k][kCourseChannels + c] = other[k][c];
    }
  return out;
}

struct Reach {
  std::size_t taps;
  std::size_t apart;  // samples between them
};

// Four numbers that are worked on at once; each is computed as it would be alone.
using Four = float __attribute__((vector_size(4 * sizeof(float))));
constexpr std::size_t kFours = kWidth / 4;
constexpr std::size_t kTogether = 3;  // samples, so that each weight is fetched once for all of them
static_assert(kCourseSteps % kTogether == 0);

// What a layer finds at `at` and the samples after it; nothing is below 0.
template <std::size_t channels>
std::array<std::array<float, kWidth>, kTogether> filtered(const Signal<channels>& in, std::size_t at,
                                                          const Network& network, std::size_t layer,
                                                          Reach reach) {
  std::array<std::array<Four, kFours>, kTogether> sums;
  for (auto& sum : sums) std::memcpy(sum.data(), network.biases[layer].data(), sizeof sum);
  const float* next = network.weights[layer].data();
  for (std::size_t tap = 0; tap < reach.taps; ++tap) {
    const auto* samples = &in[at + tap * reach.apart - reach.taps / 2 * reach.apart];
    for (std::size_t i = 0; i < channels; ++i, next += kWidth) {
      std::array<Four, kFours> weights;
      std::memcpy(weights.data(), next, sizeof weights);
      for (std::size_t k = 0; k < kTogether; ++k)
        for (std::size_t o = 0; o < kFours; ++o) sums[k][o] += samples[k][i] * weights[o];
    }
  }
  std::array<std::array<float, kWidth>, kTogether> out;
  std::memcpy(out.data(), sums.data(), sizeof out);
  for (auto& sample : out)
    for (float& value : sample) value = std::max(value, 0.0F);
  return out;
}

Found summary(const State& state) {
  Found out{};
  for (std::size_t c = 0; c < kWidth; ++c) {
    float sum = 0;
    float most = state[kPad][c];
    for (std::size_t k = kPad; k < kPad + kCourseSteps; ++k) {
      sum += state[k][c];
      most = std::max(most, state[k][c]);
    }
    out[c] = sum / static_cast<float>(kCourseSteps);
    out[kWidth + c] = most;
  }
  return out;
}

Found find(const Network& network, const Course& own, const Course& other) {
  State state{};
  const auto first = input(own, other);
  for (std::size_t at = kPad; at < kPad + kCourseSteps; at += kTogether) {
    const auto found = filtered(first, at, network, 0, {kFirstTaps, 1});
    std::copy(found.begin(), found.end(), state.begin() + static_cast<std::ptrdiff_t>(at));
  }
  for (std::size_t layer = 1; layer < kLayers; ++layer) {
    const State before = state;
    for (std::size_t at = kPad; at < kPad + kCourseSteps; at += kTogether) {
      const auto found = filtered(before, at, network, layer, {kTaps, std::size_t{1} << (layer - 1)});
      for (std::size_t k = 0; k < kTogether; ++k)
        for (std::size_t c = 0; c < kWidth; ++c) state[at + k][c] += found[k][c];
    }
  }
  return summary(state);
}

}  // namespace

double ask(const Network& network, const types::PerSide<Course>& courses) {
  const Found as_it_is = find(network, courses.left, courses.right);
  const Found mirrored = find(network, courses.right, courses.left);
  double left = 0;
  for (std::size_t i = 0; i < kFound; ++i)
    left += double{network.left[i]} * double{as_it_is[i] - mirrored[i]};
  return left;
}

}  // namespace piste::referee
