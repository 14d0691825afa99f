#include "referee/network.h"

#include <algorithm>

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

// Numbers that are worked on at once, wherever they lie; each is computed as it would be alone, so all
// processors say the same. `together`: samples, so that each weight is fetched once for all of them.
struct Four {
  using Numbers = float __attribute__((vector_size(16), aligned(4), may_alias));
  static constexpr std::size_t together = 3;
};
struct Eight {
  using Numbers = float __attribute__((vector_size(32), aligned(4), may_alias));
  static constexpr std::size_t together = 5;
};

// Adds what a layer finds, where it is above 0, to `out`. Inlined into what is compiled for one processor.
template <class Lanes, std::size_t channels>
[[gnu::always_inline]] inline void filter(const Signal<channels>& in, const Network& network,
                                          std::size_t layer, Reach reach, State& out) {
  using Numbers = typename Lanes::Numbers;
  constexpr std::size_t together = Lanes::together;
  constexpr std::size_t columns = kWidth * sizeof(float) / sizeof(Numbers);
  static_assert(kCourseSteps % together == 0);
  for (std::size_t at = kPad; at < kPad + kCourseSteps; at += together) {
    Numbers sums[together][columns];
    for (auto& sum : sums)
      for (std::size_t o = 0; o < columns; ++o)
        sum[o] = reinterpret_cast<const Numbers*>(network.biases[layer].data())[o];
    const float* next = network.weights[layer].data();
    for (std::size_t tap = 0; tap < reach.taps; ++tap) {
      const auto* samples = &in[at + tap * reach.apart - reach.taps / 2 * reach.apart];
      for (std::size_t i = 0; i < channels; ++i, next += kWidth) {
        const auto* weights = reinterpret_cast<const Numbers*>(next);
        for (std::size_t k = 0; k < together; ++k)
          for (std::size_t o = 0; o < columns; ++o) sums[k][o] += samples[k][i] * weights[o];
      }
    }
    for (std::size_t k = 0; k < together; ++k)
      for (std::size_t o = 0; o < columns; ++o)
        *reinterpret_cast<Numbers*>(&out[at + k][o * kWidth / columns]) +=
            sums[k][o] < 0 ? Numbers{} : sums[k][o];
  }
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

template <class Lanes>
[[gnu::always_inline]] inline Found find_by(const Network& network, const Course& own, const Course& other) {
  State state{};
  filter<Lanes>(input(own, other), network, 0, {kFirstTaps, 1}, state);
  for (std::size_t layer = 1; layer < kLayers; ++layer) {
    const State before = state;
    filter<Lanes>(before, network, layer, {kTaps, std::size_t{1} << (layer - 1)}, state);
  }
  return summary(state);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] Found find_by_eight(const Network& network, const Course& own, const Course& other) {
  return find_by<Eight>(network, own, other);
}

Found find(const Network& network, const Course& own, const Course& other) {
  static const bool eight = __builtin_cpu_supports("avx2");
  return eight ? find_by_eight(network, own, other) : find_by<Four>(network, own, other);
}
#else
Found find(const Network& network, const Course& own, const Course& other) {
  return find_by<Four>(network, own, other);
}
#endif

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
