// Networks that read both fencers' courses: convolutions over time that look ever further, and what they find
// on the average and at most. Each reads the phrase both ways round, so swapping the fencers turns the answer
// into its negative, bit for bit.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "referee/course.h"
#include "types/side.h"

namespace piste::referee {

constexpr std::size_t kWidth = 16;  // channels of each layer
constexpr std::size_t kLayers = 5;
constexpr std::size_t kFirstTaps = 5;       // samples that the first layer looks at
constexpr std::size_t kTaps = 3;            // and the others, 1, 2, 4 and 8 samples apart
constexpr std::size_t kFound = 2 * kWidth;  // means over time, then maxima

struct Network {
  // weights[k]: by tap, channel that comes in, channel that goes out.
  std::array<std::vector<float>, kLayers> weights;
  std::array<std::array<float, kWidth>, kLayers> biases{};
  std::array<float, kFound> left{};  // of what is found one way round - the other
};

constexpr std::size_t weights_of_layer(std::size_t layer) {
  return layer == 0 ? kFirstTaps * 2 * kCourseChannels * kWidth : kTaps * kWidth * kWidth;
}

// Towards left > 0 > right, on a scale of the network's own. Precondition: every layer has its weights.
double ask(const Network& network, const types::PerSide<Course>& courses);

}  // namespace piste::referee
