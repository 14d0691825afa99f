#include "lanes.h"

namespace piste::learn {
namespace {

constexpr int kSteps = 3, kOut = 4;  // worked on together: their sums stay in registers

using Sums = Lane[kSteps][kOut];

void add_tap(const Signal& in, int from, const Shape& shape, const float* w, Sums& sums) {
  const Lane *x0 = in.at(from), *x1 = in.at(from + 1), *x2 = in.at(from + 2);
  for (int i = 0; i < shape.in; ++i, w += shape.out)
    for (int o = 0; o < kOut; ++o) {
      sums[0][o] += x0[i] * w[o];
      sums[1][o] += x1[i] * w[o];
      sums[2][o] += x2[i] * w[o];
    }
}

}  // namespace

void convolve(const Signal& in, Signal& out, const Shape& shape, const float* w, int direction) {
  for (int t = 0; t < out.steps(); t += kSteps)
    for (int o = 0; o < shape.out; o += kOut) {
      Sums sums;
      for (int a = 0; a < kSteps; ++a)
        for (int b = 0; b < kOut; ++b) sums[a][b] = out.at(t + a)[o + b];
      for (int tap = 0; tap < shape.taps; ++tap)
        add_tap(in, t + direction * shape.reach(tap), shape, w + tap * shape.in * shape.out + o, sums);
      for (int a = 0; a < kSteps; ++a)
        for (int b = 0; b < kOut; ++b) out.at(t + a)[o + b] = sums[a][b];
    }
}

float total(Lane lane) {
  float sum = 0;
  for (std::size_t i = 0; i < kLanes; ++i) sum += lane[i];
  return sum;
}

void add_slopes(const Signal& in, const Signal& towards, const Shape& shape, float* slopes) {
  for (int tap = 0; tap < shape.taps; ++tap)
    for (int i = 0; i < shape.in; i += 4)
      for (int o = 0; o < shape.out; o += kOut) {
        Lane sums[4][kOut] = {};
        for (int t = 0; t < towards.steps(); ++t) {
          const Lane* x = in.at(t + shape.reach(tap)) + i;
          const Lane* y = towards.at(t) + o;
          for (int a = 0; a < 4; ++a)
            for (int b = 0; b < kOut; ++b) sums[a][b] += x[a] * y[b];
        }
        for (int a = 0; a < 4; ++a)
          for (int b = 0; b < kOut; ++b)
            slopes[(tap * shape.in + i + a) * shape.out + o + b] += total(sums[a][b]);
      }
}

}  // namespace piste::learn
