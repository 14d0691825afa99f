// The tracker with the models that ship, on a recorded sabre phrase whose fencers run into each other at its
// end. Skipped where the clip is not at hand.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "pose/estimator.h"
#include "tracking/geometry.h"
#include "tracking/tracker.h"
#include "video/reader.h"

namespace piste::tracking {
namespace {

using namespace types::joint;
using types::Keypoints;
using types::PerSide;
using types::Side;

constexpr std::size_t apart_until = 48;  // last frame before the bodies merge

const std::filesystem::path clips = PISTE_SOURCE_DIR "/../shared/data/clips";
const std::filesystem::path models = PISTE_SOURCE_DIR "/models";

std::vector<PerSide<Keypoints>> reference() {
  std::ifstream file(clips / "clip_a_keypoints.json");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto document = boost::json::parse(text);
  std::vector<PerSide<Keypoints>> frames;
  for (const auto& frame : document.at("keypoints").as_array()) {
    auto& fencers = frames.emplace_back();
    for (const Side side : types::both_sides) {
      for (std::size_t i = 0; i < count; ++i) {
        const auto& place = frame.at(side == Side::left ? 0 : 1).at(i);
        fencers[side][i] = {place.at(0).to_number<float>(), place.at(1).to_number<float>(), 1};
      }
    }
  }
  return frames;
}

types::Tracks tracked(video::Reader& reader, const pose::Detector& detector, const pose::SinglePose& single) {
  const auto& info = reader.info();
  Tracker tracker({.width = info.width, .height = info.height, .fps = info.fps});
  for (auto next = reader.next(); next && *next; next = reader.next()) {
    const types::Frame& frame = **next;
    std::vector<types::Pose> people;
    if (tracker.look(frame.time).detect) people = detector.detect(frame).value();
    const Crops crops = tracker.crops(frame.time, people);
    Poses poses;
    for (const Side side : types::both_sides) {
      if (crops[side]) poses[side] = single.estimate(frame, *crops[side]).value();
    }
    tracker.observe(frame.number, frame.time, crops, poses);
  }
  return tracker.finish();
}

double torso_length(const Keypoints& k) {
  return distance(at(k[left_shoulder]) + at(k[right_shoulder]), at(k[left_hip]) + at(k[right_hip])) / 2;
}

// Of all joints, those nearer to the reference than a part of its torso.
double share_near(const Keypoints& found, const Keypoints& truth, double part) {
  double near = 0;
  for (std::size_t i = 0; i < count; ++i) {
    near += found[i].score > 0 && distance(at(found[i]), at(truth[i])) < part * torso_length(truth);
  }
  return near / count;
}

class RecordedClip : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(clips / "clip_a.mp4")) return;
    const auto detector = pose::Detector::load(models / "movenet-multipose.onnx", {});
    const auto single = pose::SinglePose::load(models / "movenet-thunder-int8.onnx", {});
    const auto reader = video::Reader::open_file(clips / "clip_a.mp4");
    ASSERT_TRUE(detector.ok() && single.ok() && reader.ok());
    tracks = tracked(**reader, **detector, **single);
  }
  void SetUp() override {
    if (!std::filesystem::exists(clips / "clip_a.mp4"))
      GTEST_SKIP() << "the recorded clip (shared/data/clips) is not here";
  }
  static inline types::Tracks tracks;
};

TEST_F(RecordedClip, ShowsBothFencersWhereTheyAre) {
  const auto truth = reference();
  ASSERT_EQ(tracks.left.points.size(), truth.size());
  double correct = 0;
  std::size_t both_found = 0;
  for (std::size_t i = 0; i <= apart_until; ++i) {
    bool both = true;
    for (const Side side : types::both_sides) {
      const auto& point = tracks[side].points[i];
      both = both && point.seen && share_near(point.keypoints, truth[i][side], 1) > 0.5;
      correct += share_near(point.keypoints, truth[i][side], 0.2);
    }
    both_found += both;
  }
  EXPECT_EQ(both_found, apart_until + 1);
  EXPECT_GE(correct / (2 * (apart_until + 1)), 0.85);
}

TEST_F(RecordedClip, TrustsNothingOnceTheBodiesMerge) {
  for (const Side side : types::both_sides) {
    for (const auto& point : tracks[side].points) {
      if (point.number < 48) {
        EXPECT_TRUE(point.reliable) << to_string(side) << point.number;
      }
      if (point.number >= 50) {
        EXPECT_FALSE(point.reliable) << to_string(side) << point.number;
      }
    }
  }
}

}  // namespace
}  // namespace piste::tracking
