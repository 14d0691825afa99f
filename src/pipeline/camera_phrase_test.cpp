// The same phrase before a camera that stands, one that is handled, and one that is cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/engine_for_test.h"

namespace piste::pipeline {
namespace {

using testing::HasSubstr;

// The middles of pictures twice as large.
std::vector<types::EncodedFrame> middles(const render::Renderer& renderer) {
  std::vector<types::EncodedFrame> frames;
  for (int i = 0; i < renderer.frames(); ++i) {
    const types::Image large = renderer.frame(i);
    types::Image middle{width, height, {}};
    for (int y = height / 2; y < height / 2 + height; ++y) {
      const auto row = large.bgr.begin() + (static_cast<std::ptrdiff_t>(y) * large.width + width / 2) * 3;
      middle.bgr.insert(middle.bgr.end(), row, row + width * 3);
    }
    frames.push_back(coded(i, renderer.time(i), middle));
  }
  return frames;
}

render::RenderOptions picture() {
  return {.width = width, .height = height, .fps = fps};
}

TEST_F(EngineTest, ACameraThatStandsIsSaidToStandAndChangesNothing) {
  const auto engine = engine_with(options());
  const auto result = stream(*engine, sample_frames(), nullptr);
  const auto& camera = result.at("camera").as_object();
  EXPECT_EQ(camera.at("moved"), false);
  EXPECT_EQ(camera.at("known_before_hit").to_number<double>(), 1);
  for (const char* list : {"cuts", "lost", "black", "frozen"})
    EXPECT_TRUE(camera.at(list).as_array().empty()) << list;
  EXPECT_TRUE(camera.at("new_pictures_per_second").is_null());
  EXPECT_FALSE(camera.contains("views"));
  EXPECT_FALSE(result.at("keypoints").as_object().contains("on_piste"));
  EXPECT_TRUE(result.at("warnings").as_array().empty());
}

TEST_F(EngineTest, ACameraThatIsHandledGivesTheVerdictOfOneThatStands) {
  const auto engine = engine_with(options());
  auto handled = picture();
  handled.camera = {.pan = 2, .zoom = 1.2, .shake = 4};
  const render::Renderer renderer(scene(), handled);
  const auto result = stream(*engine, filmed(renderer), nullptr);
  EXPECT_EQ(result.at("winner").as_string(), "right");
  const auto& camera = result.at("camera").as_object();
  EXPECT_EQ(camera.at("moved"), true);
  EXPECT_TRUE(camera.at("cuts").as_array().empty());
  EXPECT_TRUE(camera.at("lost").as_array().empty());
  // Frame by frame, what was drawn: of the first picture in this one.
  const auto& views = camera.at("views").as_array();
  ASSERT_EQ(views.size(), static_cast<std::size_t>(renderer.frames()));
  const types::View first = types::inverse(renderer.camera(0));
  for (int i = 0; i < renderer.frames(); ++i) {
    const types::View drawn = types::after(renderer.camera(i), first);
    const auto& view = views.at(static_cast<std::size_t>(i)).as_array();
    EXPECT_NEAR(view.at(0).to_number<double>(), drawn.zoom(), .01) << i;
    EXPECT_NEAR(view.at(2).to_number<double>(), drawn.x, 4) << i;
    EXPECT_NEAR(view.at(3).to_number<double>(), drawn.y, 4) << i;
  }
  EXPECT_EQ(result.at("keypoints").at("on_piste").at("left").as_array().size(), views.size());
}

TEST_F(EngineTest, ACutInTheLastSecondIsForAPerson) {
  const auto engine = engine_with(options());
  auto near = picture();
  near.width *= 2;
  near.height *= 2;
  auto frames = sample_frames();
  const auto other = middles(render::Renderer(scene(), near));
  const double hit = scene().phrase.touches.front().time;
  const auto cut = static_cast<std::size_t>((hit - .5) * fps);
  for (std::size_t i = cut; i < frames.size(); ++i) frames[i] = other[i];
  const auto result = stream(*engine, frames, nullptr);
  const auto& cuts = result.at("camera").at("cuts").as_array();
  ASSERT_EQ(cuts.size(), 1u);
  EXPECT_EQ(cuts.at(0).at("end_frame").to_number<std::size_t>(), cut);
  EXPECT_EQ(result.at("decision").at("review"), true);
  EXPECT_THAT(std::string(result.at("decision").at("review_reason").as_string()),
              HasSubstr("the picture is cut"));
}

}  // namespace
}  // namespace piste::pipeline
