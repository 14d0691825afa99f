// A drawn phrase whose box can be seen: without a log, and with one whose zero is off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/engine_for_test.h"
#include "types/lamp_places.h"
#include "video/writer.h"

namespace piste::pipeline {
namespace {

using testing::HasSubstr;

json::object analysed(const fs::path& film, const PhraseSettings& asked, const std::string& log,
                      const EngineOptions& chosen = options()) {
  const auto outcome = engine_with(chosen)->analyze_file(asked, film, log, [](const auto&) {}, {});
  if (!outcome) return {{"error", outcome.error().message}};
  return json::parse(outcome->result_json).as_object();
}

TEST_F(EngineTest, AVideoNeedsNoLogWhereItsLampsAreSeen) {
  const auto result = analysed(sample_film(), settings(), "");
  ASSERT_FALSE(result.contains("error")) << result.at("error");
  EXPECT_EQ(result.at("phrase").at("source"), "lamps");
  EXPECT_EQ(result.at("winner"), "right");
  const auto& touches = result.at("phrase").at("touches").as_array();
  ASSERT_EQ(touches.size(), scene().phrase.touches.size());
  for (std::size_t i = 0; i < touches.size(); ++i)
    EXPECT_NEAR(touches[i].at("time").to_number<double>(), scene().phrase.touches[i].time, 1.01 / fps);
  EXPECT_EQ(result.at("lamps").at("where"), "auto");
  EXPECT_EQ(result.at("lamps").at("seen").as_array().size(), touches.size());
  EXPECT_TRUE(result.at("artifacts").at("signal").is_null());
  EXPECT_FALSE(fs::exists(directory_ / "phrase.txt"));
}

TEST_F(EngineTest, NorWhereAPersonTellsTheHits) {
  auto told = settings();
  told.lamps = types::lamp_places_in("off");
  EXPECT_THAT(std::string(analysed(sample_film(), told, "").at("error").as_string()),
              HasSubstr("nobody looked"));
  told.hits = {{types::Side::left, 2, true}};
  const auto result = analysed(sample_film(), told, "");
  EXPECT_EQ(result.at("phrase").at("source"), "hits");
  EXPECT_EQ(result.at("phrase").at("touches").as_array().size(), 1u);
  EXPECT_TRUE(result.at("lamps").is_null());
  EXPECT_THAT(std::string(analysed(sample_film(), told, scene().scoring_log).at("error").as_string()),
              HasSubstr("not both"));
}

TEST_F(EngineTest, WhileAPhraseIsStreamedItsLogsZeroIsMeasuredToo) {
  auto chosen = options();
  chosen.signal_offset = .5;
  const auto engine = engine_with(chosen);
  const auto result = stream(*engine, sample_frames(), nullptr);
  EXPECT_EQ(result.at("phrase").at("source"), "log");
  EXPECT_NEAR(result.at("lamps").at("lag_ms").to_number<double>(), 0, 1000 / fps);
  EXPECT_THAT(std::string(result.at("lamps").at("lag").as_string()), HasSubstr("the box by"));
  const auto& touch = result.at("phrase").at("touches").at(0);
  EXPECT_NEAR(touch.at("frame").to_number<double>(), scene().phrase.touches.front().time * fps, 1)
      << "where the lamp is, not half a second later";
  bool said = false;
  for (const auto& warning : result.at("warnings").as_array())
    said = said || std::string(warning.as_string()).find("put right") != std::string::npos;
  EXPECT_TRUE(said);
}

// A hall without fencers; what is white comes on in a box that is marked.
TEST_F(EngineTest, AWhiteLampIsAHitOffTargetInFoilAlone) {
  const auto picture = [](int number) {
    types::Image image{width, height, types::Bytes(std::size_t{3} * width * height, std::uint8_t{60})};
    for (int y = 100; number >= 15 && y < 120; ++y) {
      const auto from = image.bgr.begin() + 3 * (y * width + 300);
      std::fill(from, from + 3 * 20, std::uint8_t{245});
    }
    return image;
  };
  std::vector<types::EncodedFrame> frames;
  const fs::path film = directory_ / "film.mp4";
  auto writer = video::H264Writer::create(film, width, height, fps);
  ASSERT_TRUE(writer.ok());
  for (int i = 0; i < 30; ++i) {
    const auto image = picture(i);
    ASSERT_TRUE((*writer)->write(image, i / fps).ok());
    frames.push_back({i, std::nullopt, types::Encoding::jpeg, width, height,
                      std::make_shared<const types::Bytes>(*video::encode_jpeg(image, 90))});
  }
  ASSERT_TRUE((*writer)->finish().ok());
  for (const auto weapon : {types::Weapon::foil, types::Weapon::sabre}) {
    auto chosen = options();
    chosen.weapon = weapon;
    chosen.lamps = *types::lamp_places_in("290,90,100,40");
    const auto engine = engine_with(chosen);
    outcome_ = {};
    for (const json::object& result :
         {analysed(film, settings(), "", chosen), stream(*engine, frames, nullptr)}) {
      const auto& seen = result.at("lamps").at("seen").as_array();
      ASSERT_EQ(seen.size(), 1u);
      EXPECT_EQ(seen[0].at("frame"), 15);
      EXPECT_EQ(seen[0].at("valid"), weapon == types::Weapon::sabre) << to_string(weapon);
    }
  }
}

}  // namespace
}  // namespace piste::pipeline
