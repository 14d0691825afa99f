// A phrase of H.264 units through the whole pipeline: what is lost, what is said of it, what is kept.
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/engine_for_test.h"
#include "video/reader.h"
#include "video/unit_encoder.h"

namespace piste::pipeline {
namespace {

// The sample's frames, with a key unit each second.
const std::vector<types::EncodedFrame>& units() {
  static const std::vector<types::EncodedFrame> made = [] {
    auto encoder = video::UnitEncoder::create(width, height, {fps, 2'000'000}).value();
    std::vector<types::EncodedFrame> frames;
    for (const auto& jpeg : sample_frames()) {
      auto unit =
          encoder->encode(video::decode(jpeg).value(), static_cast<double>(jpeg.number) / fps, false).value();
      frames.push_back(jpeg);
      frames.back().encoding = types::Encoding::h264;
      frames.back().bytes = std::make_shared<const types::Bytes>(std::move(unit.bytes));
      frames.back().key = unit.key;
    }
    return frames;
  }();
  return made;
}

constexpr std::size_t second = 15;  // frames

std::size_t count(const json::object& result, const char* what) {
  return result.at(what).to_number<std::size_t>();
}

bool warns(const json::object& result, std::string_view text) {
  const auto& warnings = result.at("warnings").as_array();
  return std::any_of(warnings.begin(), warnings.end(), [&](const json::value& warning) {
    return std::string_view(warning.as_string()).find(text) != std::string_view::npos;
  });
}

std::size_t pictures_of(const fs::path& video) {
  auto reader = video::Reader::open_file(video).value();
  std::size_t pictures = 0;
  for (auto frame = reader->next(); frame && *frame; frame = reader->next()) ++pictures;
  return pictures;
}

using H264PhraseTest = EngineTest;

TEST_F(H264PhraseTest, GetsItsVerdictAndItsVideo) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  base::ByteBudget budget(1 << 30);
  const auto result = stream(*engine, units(), &budget);
  EXPECT_EQ(result.at("winner").as_string(), "right");
  EXPECT_EQ(count(result, "frames_analyzed"), units().size());
  EXPECT_EQ(count(result, "undecodable_frames"), 0u);
  EXPECT_EQ(result.at("artifacts").at("video").as_string(), "phrase.mp4");
  EXPECT_EQ(pictures_of(directory_ / "phrase.mp4"), units().size());
  EXPECT_GE(pictures_of(directory_ / "overlay.mp4"), units().size());
}

TEST_F(H264PhraseTest, TheDoorTellsKeyUnitsFromOthers) {
  const auto engine = engine_with(options());
  EXPECT_TRUE(engine->check_frame(units()[0])->key);
  EXPECT_FALSE(engine->check_frame(units()[1])->key);
  EXPECT_TRUE(engine->check_frame(sample_frames()[1])->key);
  auto other = units()[0];
  other.width = 2 * width;
  EXPECT_EQ(engine->check_frame(other).error().code, ErrorCode::frame);
}

TEST_F(H264PhraseTest, AMissingUnitLosesFramesUpToTheNextKeyFrameAndSaysSo) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  auto frames = units();
  frames.erase(frames.begin() + 20);
  const auto result = stream(*engine, frames, nullptr);
  const std::size_t lost = 2 * second - 21;  // 21 to 29
  EXPECT_EQ(count(result, "undecodable_frames"), lost);
  EXPECT_EQ(count(result, "frames_analyzed"), units().size() - 1 - lost);
  EXPECT_TRUE(warns(result, "9 frames could not be decoded: 21-29"))
      << json::serialize(result.at("warnings"));
  EXPECT_GE(pictures_of(directory_ / "overlay.mp4"), units().size() - 1 - lost);
  EXPECT_EQ(result.at("winner").as_string(), "right");
}

TEST_F(H264PhraseTest, ADamagedUnitLosesFramesUpToTheNextKeyFrameAndSaysSo) {
  const auto engine = engine_with(options());
  auto frames = units();
  types::Bytes cut(frames[27].bytes->begin(), frames[27].bytes->begin() + ssize(*frames[27].bytes) / 2);
  frames[27].bytes = std::make_shared<const types::Bytes>(std::move(cut));
  const auto result = stream(*engine, frames, nullptr);
  EXPECT_EQ(count(result, "undecodable_frames"), 3u);
  EXPECT_TRUE(warns(result, "3 frames could not be decoded: 27-29"))
      << json::serialize(result.at("warnings"));
  EXPECT_EQ(result.at("winner").as_string(), "right");
}

TEST_F(H264PhraseTest, UnitsThatArriveOutOfOrderGiveTheSameResult) {
  const auto engine = engine_with(options());
  const auto in_order = stream(*engine, units(), nullptr);
  outcome_ = {};
  auto frames = units();
  std::swap(frames[3], frames[4]);
  std::rotate(frames.begin() + 20, frames.begin() + 21, frames.begin() + 26);
  const auto shuffled = stream(*engine, frames, nullptr);
  EXPECT_EQ(count(shuffled, "undecodable_frames"), 0u);
  EXPECT_EQ(in_order.at("keypoints"), shuffled.at("keypoints"));
  EXPECT_EQ(in_order.at("decision"), shuffled.at("decision"));
  EXPECT_EQ(pictures_of(directory_ / "phrase.mp4"), units().size());
}

TEST_F(H264PhraseTest, DeferredAnalysisReadsTheSameFromTheLog) {
  const auto live = engine_with(options());
  base::ByteBudget budget(1 << 30);
  const auto from_memory = stream(*live, units(), &budget);
  outcome_ = {};
  auto late = options();
  late.live = false;
  const auto from_log = stream(*engine_with(late), units(), nullptr);
  EXPECT_EQ(from_memory.at("decision"), from_log.at("decision"));
  EXPECT_EQ(from_memory.at("keypoints"), from_log.at("keypoints"));
}

}  // namespace
}  // namespace piste::pipeline
