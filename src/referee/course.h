// A fencer's motion about the touch as a network reads it: forward speed and place of ten joints, sample by
// sample.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "referee/kinematics.h"

namespace piste::referee {

constexpr int kCourseRate = 15;           // samples a second
constexpr std::size_t kCourseSteps = 45;  // from 2.47 s before the touch to .47 s after it
constexpr std::size_t kCourseTouch = 37;  // the sample on the touch
constexpr std::size_t kCourseJoints =
    10;  // elbows, wrists, hips, knees, ankles: what displacements have, too
constexpr std::size_t kCourseChannels = 2 * kCourseJoints;  // speeds (units/s), then places (units)

using CourseSample = std::array<float, kCourseChannels>;
using Course = std::array<CourseSample, kCourseSteps>;

// Another look at the same motion; for training.
struct Look {
  double later = 0;  // steps of the motion's clock by which the touch is taken to be later
  double pace = 1;   // how much faster the motion is made
};

// Places are relative to where the joint is at the touch. Outside the recording joints stand still.
Course course_of(const FencerMotion& fencer, std::size_t touch, const Look& look = {});

enum class Body { whole, arms, legs };  // legs: from the hips down

// Their names: "rear_elbow", "front_elbow", ...
std::vector<std::string> joints_of(Body body);

// The same motion, had that part of the fencer stood still from one sample until (not including) another.
Course stood_still(const Course& course, Body body, std::size_t from, std::size_t to);

}  // namespace piste::referee
