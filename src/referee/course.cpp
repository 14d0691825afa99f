#include "referee/course.h"

#include <algorithm>
#include <cmath>

namespace piste::referee {
namespace {

constexpr double kCourseStep = kRate / kCourseRate;  // steps of the motion's clock between two samples
constexpr std::size_t kArmJoints = 4;                // of the course's joints, which come first
constexpr std::size_t kFirstJoint = static_cast<std::size_t>(Part::rear_elbow);
constexpr std::array<const char*, kCourseJoints> kNames{
    "rear_elbow", "front_elbow", "rear_wrist", "front_wrist", "rear_hip",
    "front_hip",  "rear_knee",   "front_knee", "rear_ankle",  "front_ankle"};

struct Range {
  std::size_t first, end;
};

Range range_of(Body body) {
  return {body == Body::legs ? kArmJoints : 0, body == Body::arms ? kArmJoints : kCourseJoints};
}

// Between the samples of a series, in a straight line.
struct Position {
  std::size_t before = 0;
  std::size_t after = 0;
  double share = 0;      // of the later one
  bool outside = false;  // the recording does not reach so far
};

Position position(double at, std::size_t size) {
  const double last = static_cast<double>(size - 1);
  const double inside = std::clamp(at, 0.0, last);
  const auto before = static_cast<std::size_t>(inside);
  return {before, std::min(before + 1, size - 1), inside - std::floor(inside), at < 0 || at > last};
}

double forward(const Series& series, const Position& at) {
  return series[at.before].forward + at.share * (series[at.after].forward - series[at.before].forward);
}

double speed(const Series& series, const Position& at) {
  if (at.outside) return 0;
  return series[at.before].speed + at.share * (series[at.after].speed - series[at.before].speed);
}

}  // namespace

Course course_of(const FencerMotion& fencer, std::size_t touch, const Look& look) {
  Course out{};
  const double middle = static_cast<double>(touch) + look.later;
  for (std::size_t joint = 0; joint < kCourseJoints; ++joint) {
    const Series& series = fencer.joints[kFirstJoint + joint];
    if (series.empty()) continue;
    const double origin = forward(series, position(middle, series.size()));
    for (std::size_t k = 0; k < kCourseSteps; ++k) {
      const double from_touch = (static_cast<double>(k) - static_cast<double>(kCourseTouch)) * kCourseStep;
      const Position at = position(middle + from_touch * look.pace, series.size());
      out[k][joint] = static_cast<float>(speed(series, at) * look.pace);
      out[k][kCourseJoints + joint] = static_cast<float>(forward(series, at) - origin);
    }
  }
  return out;
}

std::vector<std::string> joints_of(Body body) {
  const auto [first, end] = range_of(body);
  return {kNames.begin() + first, kNames.begin() + end};
}

Course stood_still(const Course& course, Body body, std::size_t from, std::size_t to) {
  Course out = course;
  const auto [first, end] = range_of(body);
  const std::size_t last = std::min(to, kCourseSteps - 1);
  for (std::size_t joint = first; joint < end; ++joint) {
    const std::size_t place = kCourseJoints + joint;
    const float ground = course[last][place] - course[from][place];  // that is not gained
    for (std::size_t k = 0; k < to; ++k) {
      if (k >= from) out[k][joint] = 0;
      out[k][place] = k < from ? course[k][place] + ground : course[last][place];
    }
    const float origin = out[kCourseTouch][place];
    for (CourseSample& sample : out) sample[place] -= origin;
  }
  return out;
}

}  // namespace piste::referee
