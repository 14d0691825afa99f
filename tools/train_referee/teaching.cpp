#include "teaching.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lanes.h"

namespace piste::learn {
namespace {

using referee::Course;
using referee::kCourseChannels;
using referee::kCourseJoints;
using referee::kCourseSteps;
using referee::kFound;
using referee::kLayers;
using referee::kWidth;

constexpr int kEpochs = 25;
constexpr std::size_t kBatch = 64;
constexpr double kRate = 3e-3, kDecay = 0.02, kWarm = 0.3;  // highest rate; part of the lessons until then
constexpr double kFirst = 0.1, kSecond = 0.001;             // how fast slopes and their squares are forgotten
constexpr float kSpeedScale = 1 / 1.5F;                     // so that speeds and places are alike in size
constexpr int kSteps = static_cast<int>(kCourseSteps);
constexpr int kChannels = static_cast<int>(kWidth);
constexpr std::size_t kPhrases = kLanes / 2;  // at once, each both ways round

Shape shape_of(std::size_t layer) {
  if (layer == 0) return {2 * int{kCourseChannels}, kChannels, int{referee::kFirstTaps}, 1};
  return {kChannels, kChannels, int{referee::kTaps}, 1 << (layer - 1)};
}

// Where in the list of all parameters each kind begins.
struct Places {
  std::array<std::size_t, kLayers> weights{}, biases{};
  std::size_t left = 0, size = 0;
  Places() {
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      weights[layer] = size, size += shape_of(layer).weights();
      biases[layer] = size, size += kWidth;
    }
    left = size, size += kFound;
  }
};
const Places places;

using Parameters = std::vector<float>;
using Found = std::array<Lane, kFound>;

Lane positive(Lane x) {
  return x > 0 ? x : Lane{};
}

// What passes through the network, and back.
class Pass {
 public:
  void load(const std::vector<Lesson>& lessons, std::size_t from) {
    for (std::size_t i = 0; i < kPhrases; ++i) {
      put(lessons[from + i].courses.left, lessons[from + i].courses.right, i);
      put(lessons[from + i].courses.right, lessons[from + i].courses.left, i + kPhrases);
    }
  }

  const Found& forward(const Parameters& p) {
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      Signal& bent = bent_[layer];
      for (int t = 0; t < kSteps; ++t)
        for (std::size_t c = 0; c < kWidth; ++c) bent.at(t)[c] = Lane{} + p[places.biases[layer] + c];
      convolve(input_of(layer), bent, shape_of(layer), &p[places.weights[layer]], 1);
      for (int t = 0; t < kSteps; ++t)
        for (std::size_t c = 0; c < kWidth; ++c)
          state_[layer].at(t)[c] = positive(bent.at(t)[c]) + (layer ? state_[layer - 1].at(t)[c] : Lane{});
    }
    summarise();
    return found_;
  }

  // slopes: by what was found. Adds those by the parameters to `out`.
  void backward(const Parameters& p, const Found& slopes, Parameters& out) {
    spread(slopes);
    for (std::size_t layer = kLayers; layer-- > 0;) {
      for (int t = 0; t < kSteps; ++t)
        for (std::size_t c = 0; c < kWidth; ++c)
          slope_bent_.at(t)[c] = bent_[layer].at(t)[c] > 0 ? slope_.at(t)[c] : Lane{};
      const Shape shape = shape_of(layer);
      add_slopes(input_of(layer), slope_bent_, shape, &out[places.weights[layer]]);
      for (std::size_t c = 0; c < kWidth; ++c)
        for (int t = 0; t < kSteps; ++t) out[places.biases[layer] + c] += total(slope_bent_.at(t)[c]);
      if (layer > 0) convolve(slope_bent_, slope_, shape, turned(p, layer).data(), -1);
    }
  }

 private:
  const Signal& input_of(std::size_t layer) const { return layer == 0 ? input_ : state_[layer - 1]; }

  void put(const Course& own, const Course& other, std::size_t lane) {
    for (int t = 0; t < kSteps; ++t)
      for (std::size_t c = 0; c < kCourseChannels; ++c) {
        const float scale = c < kCourseJoints ? kSpeedScale : 1;
        input_.at(t)[c][lane] = own[static_cast<std::size_t>(t)][c] * scale;
        input_.at(t)[kCourseChannels + c][lane] = other[static_cast<std::size_t>(t)][c] * scale;
      }
  }

  void summarise() {
    const Signal& last = state_[kLayers - 1];
    for (std::size_t c = 0; c < kWidth; ++c) {
      Lane sum{}, most = last.at(0)[c];
      for (int t = 0; t < kSteps; ++t) {
        sum += last.at(t)[c];
        most = last.at(t)[c] > most ? last.at(t)[c] : most;
      }
      found_[c] = sum / float{kCourseSteps};
      found_[kWidth + c] = most;
    }
  }

  // From what was found to the last layer: means to all samples, maxima to the first that has them.
  void spread(const Found& slopes) {
    for (std::size_t c = 0; c < kWidth; ++c) {
      const Lane most = found_[kWidth + c];
      auto taken = most < most;
      for (int t = 0; t < kSteps; ++t) {
        const auto here = (state_[kLayers - 1].at(t)[c] == most) & ~taken;
        taken |= here;
        slope_.at(t)[c] = slopes[c] / float{kCourseSteps} + (here ? slopes[kWidth + c] : Lane{});
      }
    }
  }

  // With channels in and out exchanged.
  static Parameters turned(const Parameters& p, std::size_t layer) {
    const Shape shape = shape_of(layer);
    Parameters out(shape.weights());
    for (int tap = 0; tap < shape.taps; ++tap)
      for (int i = 0; i < shape.in; ++i)
        for (int o = 0; o < shape.out; ++o)
          out[std::size_t((tap * shape.out + o) * shape.in + i)] =
              p[places.weights[layer] + std::size_t((tap * shape.in + i) * shape.out + o)];
    return out;
  }

  Signal input_{kSteps, 2 * int{kCourseChannels}};
  std::vector<Signal> bent_ = std::vector<Signal>(kLayers, Signal(kSteps, kChannels));  // before the corner
  std::vector<Signal> state_ = bent_;
  Signal slope_{kSteps, kChannels}, slope_bent_{kSteps, kChannels};
  Found found_{};
};

Parameters beginning(Random& random) {
  Parameters p(places.size);
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    const Shape shape = shape_of(layer);
    const double size = std::sqrt((layer ? 1.0 : 2.0) / (shape.in * shape.taps));
    for (std::size_t i = 0; i < shape.weights(); ++i)
      p[places.weights[layer] + i] = static_cast<float>(size * random.normal());
  }
  for (std::size_t i = 0; i < kFound; ++i) p[places.left + i] = static_cast<float>(0.1 * random.normal());
  return p;
}

// Of the mean loss (logistic) of a batch.
Parameters slopes_of(const Parameters& p, const std::vector<Lesson>& lessons, Pass& pass) {
  Parameters out(places.size);
  for (std::size_t from = 0; from < lessons.size(); from += kPhrases) {
    pass.load(lessons, from);
    const Found found = pass.forward(p);
    Found back{};
    for (std::size_t i = 0; i < kPhrases; ++i) {
      float said = 0;
      for (std::size_t c = 0; c < kFound; ++c)
        said += p[places.left + c] * (found[c][i] - found[c][i + kPhrases]);
      const float error = (1 / (1 + std::exp(-said)) - lessons[from + i].left) / float{kBatch};
      for (std::size_t c = 0; c < kFound; ++c) {
        out[places.left + c] += error * (found[c][i] - found[c][i + kPhrases]);
        back[c][i] = error * p[places.left + c];
        back[c][i + kPhrases] = -back[c][i];
      }
    }
    pass.backward(p, back, out);
  }
  return out;
}

class Descent {
 public:
  Descent(Parameters& p, double steps) : p_(p), steps_(steps), first_(p.size()), second_(p.size()) {}

  void step(const Parameters& slopes) {
    ++step_;
    const double part = step_ / steps_;
    const double rate =
        kRate * (part < kWarm ? 0.52 - 0.48 * std::cos(std::numbers::pi * part / kWarm)
                              : 0.5 + 0.5 * std::cos(std::numbers::pi * (part - kWarm) / (1 - kWarm)));
    const double ease_first = 1 - std::pow(1 - kFirst, step_), ease_second = 1 - std::pow(1 - kSecond, step_);
    for (std::size_t i = 0; i < p_.size(); ++i) {
      first_[i] += kFirst * (slopes[i] - first_[i]);
      second_[i] += kSecond * (slopes[i] * slopes[i] - second_[i]);
      const double size = std::sqrt(second_[i] / ease_second) + 1e-8;
      p_[i] -= static_cast<float>(rate * (first_[i] / ease_first / size + kDecay * p_[i]));
    }
  }

 private:
  Parameters& p_;
  double steps_, step_ = 0;
  std::vector<double> first_, second_;
};

referee::Network network_of(const Parameters& p) {
  referee::Network out;
  const auto from = [&](std::size_t at) { return p.begin() + static_cast<std::ptrdiff_t>(at); };
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    out.weights[layer].assign(from(places.weights[layer]), from(places.biases[layer]));
    std::copy_n(from(places.biases[layer]), kWidth, out.biases[layer].begin());
  }
  for (std::size_t i = 0; i < out.weights[0].size(); ++i)
    if (i / kWidth % kCourseChannels < kCourseJoints) out.weights[0][i] *= kSpeedScale;
  std::copy_n(from(places.left), kFound, out.left.begin());
  return out;
}

}  // namespace

referee::Network teach(const std::vector<const Phrase*>& phrases, unsigned seed) {
  Random random(seed);
  Parameters p = beginning(random);
  Pass pass;
  const std::size_t batches = phrases.size() / kBatch;
  Descent descent(p, static_cast<double>(batches) * kEpochs);
  std::vector<const Phrase*> order = phrases;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
    for (std::size_t batch = 0; batch < batches; ++batch) {
      const auto begin = order.begin() + static_cast<std::ptrdiff_t>(batch * kBatch);
      descent.step(slopes_of(p, lessons({begin, begin + kBatch}, random), pass));
    }
  }
  return network_of(p);
}

}  // namespace piste::learn
