#include "render/renderer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <thread>
#include <vector>

#include "render/test_scenes.h"

namespace piste::render {
namespace {

namespace joint = types::joint;
using types::Side;

struct Pixel {
  int blue;
  int green;
  int red;
  int mean() const { return (blue + green + red) / 3; }
};

Pixel pixel(const types::Image& image, float x, float y) {
  const auto column = static_cast<std::size_t>(std::lround(x));
  const auto row = static_cast<std::size_t>(std::lround(y));
  const std::uint8_t* at = image.bgr.data() + (row * static_cast<std::size_t>(image.width) + column) * 3;
  return {at[0], at[1], at[2]};
}

Pixel pixel(const types::Image& image, const types::Keypoint& point) {
  return pixel(image, point.x, point.y);
}

Scene attacking() {
  return *parse_motion(motion_text(R"({"do": "attack", "from": 0.2, "to": 1.0, "distance": 1.2})",
                                   R"({"do": "retreat", "from": 0.2, "to": 1.0, "distance": 0.5})"));
}

TEST(Renderer, DrawsTheSameBytesFromTheSameSeedInAnyOrder) {
  const RenderOptions options{.width = 640, .height = 360, .seed = 7};
  const Renderer one(attacking(), options);
  const Renderer other(attacking(), options);
  const types::Image late = other.frame(20);
  EXPECT_EQ(one.frame(3).bgr, other.frame(3).bgr);
  EXPECT_EQ(one.frame(20).bgr, late.bgr);
}

TEST(Renderer, ServesSeveralThreadsAtOnce) {
  const Renderer renderer(attacking(), {.width = 320, .height = 180});
  std::vector<types::Image> images(40);
  const auto draw = [&](std::size_t first) {
    for (std::size_t i = first; i < images.size(); i += 2) images[i] = renderer.frame(static_cast<int>(i));
  };
  std::thread helper(draw, 1);
  draw(0);
  helper.join();
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(images[i].bgr, renderer.frame(static_cast<int>(i)).bgr) << i;
  }
}

TEST(Renderer, AnotherSeedIsAnotherPictureOfTheSamePoses) {
  const Renderer one(attacking(), {.width = 640, .height = 360, .seed = 1});
  const Renderer other(attacking(), {.width = 640, .height = 360, .seed = 2});
  EXPECT_NE(one.frame(5).bgr, other.frame(5).bgr);
  EXPECT_EQ(one.truth(5).left[joint::nose].x, other.truth(5).left[joint::nose].x);
}

TEST(Renderer, NeighbouringFramesDiffer) {
  const Renderer renderer(standing(), {.width = 320, .height = 180});
  EXPECT_NE(renderer.frame(0).bgr, renderer.frame(1).bgr) << "a camera's noise is never the same";
}

TEST(Renderer, DrawsMaskSuitAndGloveWhereTheTruthSays) {
  const Renderer renderer(attacking(), {.noise = 0});
  for (const int i : {0, 12, 28, 50}) {
    const types::Image image = renderer.frame(i);
    const auto truth = renderer.truth(i);
    for (const Side side : types::both_sides) {
      const types::Keypoints& joints = truth[side];
      EXPECT_LT(pixel(image, joints[joint::nose]).mean(), 90) << "mask, frame " << i << to_string(side);
      EXPECT_GT(pixel(image, joints[joint::left_knee]).mean(), 145) << "knee, frame " << i << to_string(side);
      EXPECT_GT(pixel(image, joints[joint::right_knee]).mean(), 145)
          << "knee, frame " << i << to_string(side);
      const float x = (joints[joint::left_shoulder].x + joints[joint::right_hip].x) / 2;
      const float y = (joints[joint::left_shoulder].y + joints[joint::right_hip].y) / 2;
      EXPECT_GT(pixel(image, x, y).mean(), 145) << "jacket, frame " << i << to_string(side);
      const Vec hand = renderer.weapon_hand(side, i);
      EXPECT_GT(pixel(image, hand.x, hand.y).mean(), 120) << "glove, frame " << i << to_string(side);
    }
  }
}

TEST(Renderer, DrawsNothingOfAFencerWhereThereIsNone) {
  const Renderer renderer(attacking(), {.noise = 0});
  const Renderer elsewhere(standing(), {.noise = 0});
  const types::Keypoint knee = renderer.truth(45).left[joint::right_knee];
  EXPECT_GT(pixel(renderer.frame(45), knee).mean(), pixel(elsewhere.frame(45), knee).mean() + 25);
}

TEST(Renderer, LightsEachLampFromItsHitOn) {
  const Renderer renderer(standing(R"({"by": "left", "at": 0.5}, {"by": "right", "at": 0.71})"),
                          {.noise = 0});
  const auto red = [&](int frame) {
    const Vec at = renderer.lamp(Side::left);
    return pixel(renderer.frame(frame), at.x, at.y).red;
  };
  const auto green = [&](int frame) {
    const Vec at = renderer.lamp(Side::right);
    return pixel(renderer.frame(frame), at.x, at.y).green;
  };
  EXPECT_LT(red(14), 120);
  EXPECT_GT(red(15), 220) << ".5 s is frame 15";
  EXPECT_GT(red(55), 220) << "and it stays lit";
  EXPECT_LT(green(21), 120);
  EXPECT_GT(green(22), 220) << ".71 s is after frame 21";
  EXPECT_LT(renderer.lamp(Side::left).x, renderer.lamp(Side::right).x);
}

TEST(Renderer, DrawsAnySizeAndRate) {
  struct Case {
    int width, height;
    double fps;
    int frames;
  };
  for (const Case& c :
       {Case{640, 360, 15, 30}, {1280, 720, 30, 60}, {1920, 1080, 120, 240}, {333, 777, 29.97, 60}}) {
    const Renderer renderer(attacking(), {.width = c.width, .height = c.height, .fps = c.fps});
    EXPECT_EQ(renderer.frames(), c.frames);
    const types::Image image = renderer.frame(c.frames - 1);
    EXPECT_EQ(image.width, c.width);
    EXPECT_EQ(image.height, c.height);
    EXPECT_EQ(image.bgr.size(), static_cast<std::size_t>(c.width) * static_cast<std::size_t>(c.height) * 3);
  }
}

TEST(Renderer, TheSameMomentIsTheSamePoseAtEveryRateAndScalesWithTheSize) {
  const Renderer slow(attacking(), {.fps = 15});
  const Renderer fast(attacking(), {.width = 640, .height = 360, .fps = 60});
  for (std::size_t j = 0; j < joint::count; ++j) {
    EXPECT_NEAR(slow.truth(9).left[j].x, 2 * fast.truth(36).left[j].x, .01);
    EXPECT_NEAR(slow.truth(9).left[j].y, 2 * fast.truth(36).left[j].y, .01);
  }
}

TEST(Renderer, FencersAreAsTallAsInARealPicture) {
  const Renderer renderer(standing(), {});
  const auto truth = renderer.truth(0);
  const float height =
      std::max(truth.left[joint::left_ankle].y, truth.left[joint::right_ankle].y) - truth.left[joint::nose].y;
  EXPECT_GT(height, 160);
  EXPECT_LT(height, 210) << "from the ankle to the nose; with mask and shoe about 220";
}

TEST(Renderer, BlursWhatMovesAndNotWhatStands) {
  const Renderer still(attacking(), {.shutter = 0, .noise = 0});
  const Renderer open(attacking(), {.shutter = .5, .noise = 0});
  EXPECT_EQ(still.frame(59).bgr.size(), open.frame(59).bgr.size());
  const auto different = [&](int frame) {
    const types::Image a = still.frame(frame);
    const types::Image b = open.frame(frame);
    long count = 0;
    for (std::size_t i = 0; i < a.bgr.size(); ++i) count += std::abs(a.bgr[i] - b.bgr[i]) > 12 ? 1 : 0;
    return count;
  };
  EXPECT_GT(different(24), 5 * different(59) + 100);
}

TEST(RenderOptions, OutOfRangeAreRefusedByName) {
  const auto complaint = [](const RenderOptions& options) {
    return check(options) ? "" : check(options).error().message;
  };
  EXPECT_TRUE(check({}));
  EXPECT_NE(complaint({.width = 0}).find("width"), std::string::npos);
  EXPECT_NE(complaint({.height = 100000}).find("height"), std::string::npos);
  EXPECT_NE(complaint({.fps = 0}).find("fps"), std::string::npos);
  EXPECT_NE(complaint({.fps = NAN}).find("fps"), std::string::npos);
  EXPECT_NE(complaint({.noise = -1}).find("noise"), std::string::npos);
}

TEST(Renderer, ACameraThatIsHandledMovesHallAndFencersAlike) {
  const Renderer still(standing(), {.noise = 0});
  const Renderer moving(standing(), {.noise = 0, .camera = {.pan = 2, .zoom = 1.3, .shake = 4}});
  double farthest = 0;
  for (const int frame : {3, 17, 40}) {
    const types::View view = moving.camera(frame);
    farthest = std::max(farthest, std::abs(view.x));
    const auto drawn = moving.truth(frame).left[joint::left_hip];
    const auto expected = types::moved(view, still.truth(frame).left[joint::left_hip]);
    EXPECT_NEAR(drawn.x, expected.x, .01);
    EXPECT_NEAR(drawn.y, expected.y, .01);
    // The red lamp, which hangs on the wall.
    const Vec lamp = still.lamp(Side::left);
    const auto there = types::moved(view, {lamp.x, lamp.y, 1});
    const Pixel glass = pixel(moving.frame(frame), there);
    EXPECT_NEAR(glass.red, pixel(still.frame(frame), lamp.x, lamp.y).red, 25) << frame;
    EXPECT_GT(glass.red, glass.blue + 20) << frame;
  }
  EXPECT_GT(farthest, 20);
  EXPECT_TRUE(still.camera(17).still());
}

// What is drawn where nobody else is: so many grey levels differ.
double difference(const Renderer& one, const Renderer& other, int frame, const types::Keypoint& at) {
  return std::abs(pixel(one.frame(frame), at).mean() - pixel(other.frame(frame), at).mean());
}

const Renderer::Other& found(const std::vector<Renderer::Other>& others, Company::Role role) {
  return *std::ranges::find(others, role, &Renderer::Other::role);
}

TEST(Renderer, OthersAreDrawnWhereTheTruthSaysAndLeaveTheFencersAsTheyAre) {
  const RenderOptions alone{.noise = 0};
  RenderOptions options = alone;
  options.company = {.spectators = 12, .referee = true, .other_piste = true};
  const Renderer empty(attacking(), alone);
  const Renderer full(attacking(), options);
  const auto others = full.others(30);
  ASSERT_EQ(others.size(), 15U);
  // The referee stands behind the middle, and nobody is before him there but the fencers.
  const auto& referee = found(others, Company::Role::referee).keypoints;
  EXPECT_GT(difference(empty, full, 30, referee[joint::left_shoulder]), 20);
  EXPECT_LT(referee[joint::left_ankle].y, full.truth(30).left[joint::left_ankle].y) << "he is further away";
  for (const Side side : types::both_sides) {
    for (const std::size_t j : {joint::left_hip, joint::nose, joint::right_knee})
      EXPECT_EQ(full.truth(30)[side][j].x, empty.truth(30)[side][j].x);
    EXPECT_LT(difference(empty, full, 30, full.truth(30)[side][joint::left_hip]), 3) << "they are in front";
  }
}

TEST(Renderer, WhoWatchesStandsWellBehindThePiste) {
  const Renderer renderer(standing(), {.company = {.spectators = 40}});
  const float fencer = renderer.truth(0).left[joint::left_ankle].y;
  for (const auto& other : renderer.others(0)) {
    const auto& feet = other.keypoints;
    EXPECT_LT(std::max(feet[joint::left_ankle].y, feet[joint::right_ankle].y), fencer - 44);
  }
}

TEST(Renderer, ThePairBehindDoesWhatTheFencersDoMirroredAndLater) {
  const Renderer renderer(attacking(), {.company = {.other_piste = true}});
  const auto left_at = [&](int frame) { return renderer.others(frame).at(0).keypoints[joint::left_hip].x; };
  const auto right_at = [&](int frame) { return renderer.others(frame).at(1).keypoints[joint::left_hip].x; };
  EXPECT_LT(left_at(0), right_at(0));
  EXPECT_LT(right_at(55), right_at(5) - 30) << "the left fencer's attack, mirrored";
  EXPECT_NEAR(right_at(20), right_at(5), 1) << "not yet";
}

TEST(Renderer, SomebodyWalksThroughBeforeTheFencers) {
  const Renderer empty(standing(), {.noise = 0});
  const Renderer renderer(standing(), {.noise = 0, .company = {.passer_by = true}});
  const auto at = [&](int frame) { return renderer.others(frame).at(0).keypoints; };
  EXPECT_GT(at(50)[joint::left_hip].x, at(5)[joint::left_hip].x + 200);
  EXPECT_GT(at(30)[joint::left_ankle].y, renderer.truth(30).left[joint::left_ankle].y) << "he is nearer";
  const auto joints = at(30);
  EXPECT_GT(std::ranges::count_if(
                joints, [&](const auto& place) { return difference(empty, renderer, 30, place) > 20; }),
            5);
}

}  // namespace
}  // namespace piste::render
