// The real networks for the tests of the whole pipeline. Most of such a test's time is theirs, and most tests
// send the same pictures: so they are read once a process, and what they answered to a picture stands. A
// picture that differs in one byte, or is looked at elsewhere, is another one.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/shared.h"
#include "pose/estimator.h"

namespace piste::pipeline {

inline std::size_t hash_of(const types::Image& picture) {
  const auto& bgr = picture.bgr;
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bgr.data()), bgr.size()});
}

template <class Answer>
class Answers {
 public:
  template <class Ask>
  pose::Result<Answer> to(const types::Frame& frame, const types::BoundingBox& part, const Ask& ask) {
    const Question question = question_of(frame, part);
    if (auto known = find(question)) return std::move(*known);
    auto answer = ask();
    const std::scoped_lock lock(mutex_);
    if (answer) known_.emplace(question, *answer);
    return answer;
  }

 private:
  using Question = std::tuple<std::size_t, int, int, double, float, float, float, float>;
  static Question question_of(const types::Frame& frame, const types::BoundingBox& part) {
    return {hash_of(frame.image), frame.image.width, frame.image.height, frame.scale, part.left, part.top,
            part.right,           part.bottom};
  }
  std::optional<Answer> find(const Question& question) {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(question);
    return found == known_.end() ? std::nullopt : std::optional<Answer>(found->second);
  }

  std::mutex mutex_;
  std::map<Question, Answer> known_;
};

struct NetworksForTest {
  Models models;
  Answers<std::vector<types::Pose>> detected;
  Answers<types::Pose> estimated;
};

class DetectorForTest : public pose::Detector {
 public:
  explicit DetectorForTest(NetworksForTest& networks) : networks_(networks) {}
  pose::Result<std::vector<types::Pose>> detect(const types::Frame& frame) const override {
    return networks_.detected.to(frame, {}, [&] { return networks_.models.detector->detect(frame); });
  }
  bool precise() const override { return networks_.models.detector->precise(); }

 private:
  NetworksForTest& networks_;
};

class SinglePoseForTest : public pose::SinglePose {
 public:
  explicit SinglePoseForTest(NetworksForTest& networks) : networks_(networks) {}
  pose::Result<types::Pose> estimate(const types::Frame& frame,
                                     const types::BoundingBox& crop) const override {
    return networks_.estimated.to(frame, crop,
                                  [&] { return networks_.models.single->estimate(frame, crop); });
  }

 private:
  NetworksForTest& networks_;
};

// The same networks for whoever asks in this process: options name the same models each time.
inline Models networks_for_test(const EngineOptions& options) {
  static NetworksForTest networks = {.models = load_models(options).value(), .detected = {}, .estimated = {}};
  return {std::make_unique<DetectorForTest>(networks), std::make_unique<SinglePoseForTest>(networks)};
}

}  // namespace piste::pipeline
