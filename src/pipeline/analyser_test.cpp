#include "pipeline/analyser.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <semaphore>
#include <stdexcept>

#include "pipeline/drawn_networks_for_test.h"
#include "pipeline/engine_for_test.h"
#include "tracking/tracker.h"

namespace piste::pipeline {
namespace {

// Is at work when an exception flies beside it, and would be after that.
struct SlowPose : pose::SinglePose {
  struct Course {
    std::counting_semaphore<> begun{0};  // for each fencer
    std::promise<void> caught;
    std::shared_future<void> after = caught.get_future().share();
    std::atomic<int> ended = 0;
  };
  explicit SlowPose(Course& given) : course(given) {}
  pose::Result<types::Pose> estimate(const types::Frame&, const types::BoundingBox&) const override {
    course.begun.release();
    course.after.wait_for(std::chrono::milliseconds(50));  // it does not come where this one is waited for
    ++course.ended;
    return types::Pose{};
  }
  Course& course;
};

// They read the picture, which is gone with the phrase.
TEST(AnalyserTest, PosesThatAreBeingFoundWhenAnExceptionFliesAreWaitedFor) {
  const render::Renderer renderer(scene(), {.width = width, .height = height, .fps = fps});
  SlowPose::Course course;
  DrawnNetworks drawn;
  drawn.know(renderer.frame(0), renderer.truth(0));
  const Models models{std::make_unique<DrawnDetector>(drawn), std::make_unique<SlowPose>(course)};
  Workers workers(3);
  Analyser analyser(models, workers, {.width = width, .height = height, .fps = fps}, {});
  const auto frame = std::make_shared<const types::Frame>(types::Frame{0, 0, 1, renderer.frame(0)});
  const auto last = [&]() -> bool {
    for (int fencer = 0; fencer < 2; ++fencer)
      EXPECT_TRUE(course.begun.try_acquire_for(std::chrono::seconds(60))) << "no pose is looked for";
    throw std::runtime_error("unexpected");
  };
  EXPECT_THROW(analyser.add(frame, last), std::runtime_error);
  EXPECT_EQ(course.ended, 2);
  course.caught.set_value();
}

}  // namespace
}  // namespace piste::pipeline
