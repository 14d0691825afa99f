// Convolutions over time of eight phrases at once, a lane for each, and their slopes.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace piste::learn {

constexpr std::size_t kLanes = 8;
using Lane = float __attribute__((vector_size(kLanes * sizeof(float))));

constexpr int kPad = 8;  // still samples before and after: the furthest that a layer looks

// Samples x channels, padded.
class Signal {
 public:
  Signal(int steps, int channels)
      : steps_(steps), channels_(channels), values_(std::size_t(steps + 2 * kPad) * std::size_t(channels)) {}
  int steps() const { return steps_; }
  Lane* at(int step) { return values_.data() + std::ptrdiff_t{step + kPad} * channels_; }
  const Lane* at(int step) const { return values_.data() + std::ptrdiff_t{step + kPad} * channels_; }

 private:
  int steps_, channels_;
  std::vector<Lane> values_;
};

// Weights are by tap, channel in, channel out. Channels are multiples of 4, steps of 3.
struct Shape {
  int in, out, taps, dilation;
  std::size_t weights() const { return std::size_t(in) * std::size_t(out) * std::size_t(taps); }
  int reach(int tap) const { return (tap - taps / 2) * dilation; }
};

// out[t][o] += sum of w[tap][i][o] * in[t + direction * reach][i].
void convolve(const Signal& in, Signal& out, const Shape& shape, const float* w, int direction);

// slopes[tap][i][o] += sum over steps and lanes of in[t + reach][i] * towards[t][o].
void add_slopes(const Signal& in, const Signal& towards, const Shape& shape, float* slopes);

float total(Lane lane);

}  // namespace piste::learn
