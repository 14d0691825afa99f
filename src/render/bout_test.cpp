#include "render/bout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "render/renderer.h"
#include "support/temp_dir.h"

namespace piste::render {
namespace {

namespace box = types::box;
using testing::HasSubstr;

Result<Bout> bout_of(const std::string& happens) {
  const test::TempDir folder;
  const std::string motion = PISTE_SOURCE_DIR "/samples/attack-from-right.json";
  std::string text = R"({"id":"b","title":"t","wait":1,"happens":[)" + happens + "]}";
  for (auto at = text.find("MOTION"); at != text.npos; at = text.find("MOTION")) text.replace(at, 6, motion);
  std::ofstream(folder / "bout.json") << text;
  return load_bout(folder / "bout.json");
}

std::vector<double> clock_starts(const Bout& bout) {
  std::vector<double> starts;
  for (const auto& event : bout.events) {
    const auto* clock = std::get_if<box::Clock>(&event.what);
    if (clock && *clock->running) starts.push_back(event.moment.at);
  }
  return starts;
}

TEST(DrawnBout, HasItsPhrasesAndWhatTheBoxSaysOfThem) {
  const auto bout = bout_of(
      R"({"do":"phrase","motion":"MOTION"},{"do":"halt","motion":"MOTION"},{"do":"phrase","motion":"MOTION","mirrored":true})");
  ASSERT_TRUE(bout.ok()) << bout.error().message;
  ASSERT_EQ(bout->phrases.size(), 2U);
  EXPECT_EQ(bout->phrases[0].verdict, types::Winner::right);
  EXPECT_EQ(bout->phrases[1].verdict, types::Winner::left);
  EXPECT_EQ(bout->scene.phrase.touches.size(), 4U);
  EXPECT_EQ(clock_starts(*bout).size(), 3U);
  EXPECT_EQ(bout->phrases[0].touches[0].scorer, types::Side::right);
  EXPECT_EQ(bout->phrases[1].touches[0].scorer, types::Side::left);
}

TEST(DrawnBout, FencersComeBackToWhereAPhraseBegins) {
  const auto bout = bout_of(R"({"do":"phrase","motion":"MOTION"},{"do":"phrase","motion":"MOTION"})");
  ASSERT_TRUE(bout.ok()) << bout.error().message;
  for (const types::Side side : types::both_sides) {
    const auto& fencer = bout->scene.fencers[side];
    const auto hips = [&](double at) { return fencer.at(at).joints[types::joint::left_hip].x; };
    EXPECT_NEAR(hips(bout->phrases[0].start), hips(bout->phrases[1].start), .05);
  }
}

TEST(DrawnBout, LampsGoOut) {
  auto bout = bout_of(R"({"do":"phrase","motion":"MOTION","only":"left"},{"do":"wait","for":4})");
  ASSERT_TRUE(bout.ok()) << bout.error().message;
  const double hit = bout->phrases[0].touches[0].time;
  EXPECT_EQ(bout->phrases[0].touches.size(), 1U);
  EXPECT_EQ(bout->phrases[0].verdict, types::Winner::left);
  const Renderer renderer(std::move(bout->scene), {.width = 320, .height = 180, .fps = 30});
  const auto lit = [&](double at) { return renderer.lamps(static_cast<int>(at * 30)).left; };
  EXPECT_FALSE(lit(hit - .1));
  EXPECT_TRUE(lit(hit + .1));
  EXPECT_FALSE(lit(hit + 3));
}

TEST(DrawnBout, WhatIsWrongIsNamedWithItsPlace) {
  EXPECT_THAT(bout_of(R"({"do":"dance"})").error().message, HasSubstr("bout.json: happens[0].do"));
  EXPECT_THAT(bout_of(R"({"do":"phrase","motion":"none.json"})").error().message,
              HasSubstr("none.json cannot"));
  EXPECT_THAT(bout_of(R"({"do":"wait","for":-1})").error().message, HasSubstr("happens[0].for"));
  EXPECT_THAT(bout_of("{").error().message, HasSubstr("not JSON"));
}

}  // namespace
}  // namespace piste::render
