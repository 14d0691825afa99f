// Films of people who do not fence, or of nobody, with a box's log that tells of two hits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/engine_for_test.h"

namespace piste::pipeline {
namespace {

using testing::HasSubstr;

using Frames = std::vector<types::EncodedFrame>;

render::Scene performed(const std::string& left, const std::string& right) {
  auto drawn = render::parse_motion(
      R"({"id": "nobody", "title": "nobody fences", "duration": 2, "fencers": {"left": {)" + left +
      R"(}, "right": {)" + right +
      R"(}}, "box": {"recorded": "2026-03-14 18:30:00",
                             "hits": [{"by": "left", "at": 1.6}, {"by": "right", "at": 1.65}], "blade_contacts": []}})");
  EXPECT_TRUE(drawn) << (drawn ? "" : drawn.error().message);
  return std::move(*drawn);
}

Frames film_of(const render::Scene& scene) {
  return filmed(render::Renderer(scene, {.width = width, .height = height, .fps = fps}));
}

// The wall hides what is to the right.
types::Image left_half(types::Image picture) {
  for (int y = 0; y < height; ++y) {
    const auto row = picture.bgr.begin() + std::ptrdiff_t{3} * width * y;
    std::fill(row + 3 * (width / 2), row + 3 * width, std::uint8_t{120});
  }
  return picture;
}

constexpr const char* still = R"("actions": [])";

class NoFencing : public EngineTest {
 protected:
  // The box tells of two hits all the same.
  void expect_no_call(const Frames& frames, const std::string& why) {
    const auto result =
        stream(*engine_with(options()), frames, nullptr, {}, performed(still, still).scoring_log);
    EXPECT_EQ(result.at("winner").as_string(), "none");
    const auto& decision = result.at("decision").as_object();
    EXPECT_EQ(decision.at("confidence").to_number<double>(), .5);
    EXPECT_EQ(decision.at("review"), true);
    EXPECT_THAT(std::string(decision.at("review_reason").as_string()), HasSubstr(why));
  }
};

TEST_F(NoFencing, TwoWhoWalkTowardsEachOther) {
  const std::string walks =
      R"("start": 2.1, "actions": [{"do": "walk", "from": 0, "to": 2, "distance": 1.5, "steps": 3}])";
  expect_no_call(film_of(performed(walks, walks)), "nobody stands on guard or lunges");
}

TEST_F(NoFencing, OneWhoFencesAlone) {
  const std::string lunges =
      R"("start": 1.5, "actions": [{"do": "attack", "from": 0.6, "to": 1.7, "distance": 1.2}])";
  const auto alone = performed(lunges, R"("start": 3, "actions": [])");
  const render::Renderer renderer(alone, {.width = width, .height = height, .fps = fps});
  Frames frames;
  for (int i = 0; i < renderer.frames(); ++i)
    frames.push_back(coded(i, renderer.time(i), left_half(renderer.frame(i))));
  expect_no_call(frames, "the right fencer is seen in only 0 %");
}

TEST_F(NoFencing, ABlackScreen) {
  const types::Image black{width, height, types::Bytes(std::size_t{3} * width * height)};
  Frames frames;
  for (int i = 0; i < 30; ++i) frames.push_back(coded(i, i / fps, black));
  expect_no_call(frames, "fencer is seen in only 0 %");
}

}  // namespace
}  // namespace piste::pipeline
