// Networks that find who was drawn, for tests of a frame's way to them: in a picture that was sent, bit for
// bit as its sender's decoder has it. Any other one fails the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "pipeline/networks_for_test.h"
#include "render/renderer.h"

namespace piste::pipeline {

class DrawnNetworks {
 public:
  // The one that is sent as this frame of what is drawn.
  void know(const types::Image& picture, const types::PerSide<types::Keypoints>& drawn) {
    const std::scoped_lock lock(mutex_);
    known_.insert_or_assign(hash_of(picture), drawn);
  }
  // Real ones take their time, by which those who watch are told. None yet is asked.
  void take(std::chrono::milliseconds time) { time_ = time; }
  std::vector<types::Pose> people(const types::Frame& frame) const {
    std::this_thread::sleep_for(time_);
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(hash_of(frame.image));
    if (known == known_.end()) {
      ADD_FAILURE() << "frame " << frame.number << " shows what was not sent";
      return {};
    }
    std::vector<types::Pose> people;
    for (const types::Side side : types::both_sides)
      people.push_back({known->second[side], around(known->second[side]), 1});
    return people;
  }
  Models models() const;

 private:
  static types::BoundingBox around(const types::Keypoints& body) {
    types::BoundingBox box{body[0].x, body[0].y, body[0].x, body[0].y};
    for (const types::Keypoint& joint : body)
      box = {std::min(box.left, joint.x), std::min(box.top, joint.y), std::max(box.right, joint.x),
             std::max(box.bottom, joint.y)};
    return box;
  }

  std::chrono::milliseconds time_{0};
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, types::PerSide<types::Keypoints>> known_;
};

class DrawnDetector : public pose::Detector {
 public:
  explicit DrawnDetector(const DrawnNetworks& networks) : networks_(networks) {}
  pose::Result<std::vector<types::Pose>> detect(const types::Frame& frame) const override {
    return networks_.people(frame);
  }
  bool precise() const override { return false; }

 private:
  const DrawnNetworks& networks_;
};

// Whose middle is nearest to the crop's.
class DrawnPose : public pose::SinglePose {
 public:
  explicit DrawnPose(const DrawnNetworks& networks) : networks_(networks) {}
  pose::Result<types::Pose> estimate(const types::Frame& frame,
                                     const types::BoundingBox& crop) const override {
    const auto people = networks_.people(frame);
    if (people.empty()) return types::Pose{};
    const auto off = [&](const types::Pose& pose) {
      return std::abs(pose.box.left + pose.box.right - crop.left - crop.right);
    };
    return *std::ranges::min_element(people, {}, off);
  }

 private:
  const DrawnNetworks& networks_;
};

inline Models DrawnNetworks::models() const {
  return {std::make_unique<DrawnDetector>(*this), std::make_unique<DrawnPose>(*this)};
}

}  // namespace piste::pipeline
