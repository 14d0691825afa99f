#include "lessons.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace piste::learn {
namespace {

using referee::Course;
using referee::kCourseChannels;
using referee::kCourseJoints;
using referee::kCourseSteps;
using types::Side;

constexpr double kShift = 4;      // steps of the clock, 1/30 s, by which the touch is off at most
constexpr double kPace = 0.15;    // by which the motion is faster or slower at most
constexpr double kHidden = 0.5;   // probability that joints are not seen
constexpr int kHiddenJoints = 2;  // and how many
constexpr double kSpeedNoise = 0.1, kPlaceNoise = 0.03;  // units/s, units
constexpr double kCut = 0.3;                             // probability that the video ends with the touch
constexpr std::size_t kCutLater = 4;                     // samples after it, at most
constexpr double kLost = 0.3;                            // probability that frames are lost
constexpr std::size_t kLostFrom = 2, kLostTo = 6;        // samples
constexpr double kMixed = 0.3;                           // shape of the shares of two phrases that are mixed
constexpr float kDoubt = 0.05F;                          // that a label is wrong

void hide_joints(types::PerSide<Course>& courses, Random& random) {
  for (int i = 0; i < kHiddenJoints; ++i) {
    const std::size_t joint = random.below(kCourseJoints);
    for (const Side side : types::both_sides)
      for (auto& sample : courses[side]) sample[joint] = sample[kCourseJoints + joint] = 0;
  }
}

void add_noise(Course& course, Random& random) {
  for (auto& sample : course)
    for (std::size_t c = 0; c < kCourseChannels; ++c)
      sample[c] += static_cast<float>((c < kCourseJoints ? kSpeedNoise : kPlaceNoise) * random.normal());
}

// From there on the joints hold still, as they do outside a recording.
void cut(Course& course, std::size_t end) {
  for (std::size_t k = end; k < kCourseSteps; ++k)
    for (std::size_t joint = 0; joint < kCourseJoints; ++joint) {
      course[k][joint] = 0;
      course[k][kCourseJoints + joint] = course[end - 1][kCourseJoints + joint];
    }
}

// Straight lines across the hole.
void lose(Course& course, std::size_t from, std::size_t length) {
  const std::size_t to = std::min(from + length, kCourseSteps - 1);
  const auto before = course[from - 1], after = course[to];
  const auto steps = static_cast<float>(to - from + 1);
  for (std::size_t k = from; k < to; ++k)
    for (std::size_t joint = 0; joint < kCourseJoints; ++joint) {
      const std::size_t place = kCourseJoints + joint;
      const float ground = after[place] - before[place];
      course[k][joint] = ground / steps * float{referee::kCourseRate};
      course[k][place] = before[place] + ground * static_cast<float>(k - from + 1) / steps;
    }
}

void spoil(types::PerSide<Course>& courses, Random& random) {
  if (random.uniform(0, 1) < kCut) {
    const std::size_t end = referee::kCourseTouch + random.below(kCutLater);
    for (const Side side : types::both_sides) cut(courses[side], end);
  }
  if (random.uniform(0, 1) < kLost) {
    const std::size_t from = 1 + random.below(referee::kCourseTouch);
    const std::size_t length = kLostFrom + random.below(kLostTo - kLostFrom);
    for (const Side side : types::both_sides) lose(courses[side], from, length);
  }
  if (random.uniform(0, 1) < kHidden) hide_joints(courses, random);
  for (const Side side : types::both_sides) add_noise(courses[side], random);
}

Lesson lesson(const Phrase& phrase, Random& random) {
  referee::Look look;
  look.later = random.uniform(-kShift, kShift);
  look.pace = random.uniform(1 - kPace, 1 + kPace);
  Lesson out{courses_of(phrase, look), kDoubt + (1 - 2 * kDoubt) * phrase.left};
  spoil(out.courses, random);
  return out;
}

void mix(Lesson& one, const Lesson& other, float share) {
  const auto blend = [&](float& a, float b) { a = (1 - share) * a + share * b; };
  for (const Side side : types::both_sides)
    for (std::size_t k = 0; k < kCourseSteps; ++k)
      for (std::size_t c = 0; c < kCourseChannels; ++c)
        blend(one.courses[side][k][c], other.courses[side][k][c]);
  blend(one.left, other.left);
}

}  // namespace

double Random::uniform(double from, double to) {
  return from + (to - from) * static_cast<double>(engine_()) / 4294967296.0;
}

double Random::normal() {
  const double size = std::sqrt(-2 * std::log(uniform(1e-9, 1)));
  return size * std::cos(2 * std::numbers::pi * uniform(0, 1));
}

double Random::beta(double shape) {
  while (true) {
    const double x = std::pow(uniform(0, 1), 1 / shape);
    const double y = std::pow(uniform(0, 1), 1 / shape);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

types::PerSide<Course> courses_of(const Phrase& phrase, const referee::Look& look) {
  const auto& motion = phrase.motion;
  return {referee::course_of(motion.fencers.left, motion.touch, look),
          referee::course_of(motion.fencers.right, motion.touch, look)};
}

std::vector<Lesson> lessons(const std::vector<const Phrase*>& phrases, Random& random) {
  std::vector<Lesson> out;
  for (const Phrase* phrase : phrases) out.push_back(lesson(*phrase, random));
  const std::vector<Lesson> unmixed = out;
  for (Lesson& each : out)
    mix(each, unmixed[random.below(unmixed.size())], static_cast<float>(random.beta(kMixed)));
  return out;
}

}  // namespace piste::learn
