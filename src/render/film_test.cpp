#include "render/film.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "render/test_scenes.h"
#include "video/reader.h"

namespace piste::render {
namespace {

namespace json = boost::json;
namespace joint = types::joint;

class Films : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  const std::filesystem::path folder = testing::TempDir() + "piste_films_" + std::to_string(::getpid());
  const Renderer renderer{standing(R"({"by": "right", "at": 1.2})"),
                          {.width = 320, .height = 180, .fps = 25}};
};

struct Read {
  int frames = 0;
  double last = 0;
  types::Image first;
};

Read read_all(const std::filesystem::path& path) {
  Read result;
  auto reader = video::Reader::open_file(path);
  EXPECT_TRUE(reader) << reader.error().message;
  if (!reader) return result;
  for (auto frame = (*reader)->next(); frame && *frame; frame = (*reader)->next()) {
    if (result.frames++ == 0) result.first = (*frame)->image;
    result.last = (*frame)->time;
  }
  return result;
}

double mean_difference(const types::Image& a, const types::Image& b) {
  if (a.bgr.size() != b.bgr.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.bgr.size(); ++i) sum += std::abs(a.bgr[i] - b.bgr[i]);
  return sum / static_cast<double>(a.bgr.size());
}

TEST_F(Films, HoldEveryFrameAtItsTime) {
  for (const char* name : {"phrase.mp4", "phrase.mkv"}) {
    int done = 0;
    const auto written = write_film(renderer, folder / name, 90, [&](int frames) { done = frames; });
    ASSERT_TRUE(written) << written.error().message;
    const Read read = read_all(folder / name);
    EXPECT_EQ(read.frames, 50) << name;
    EXPECT_EQ(done, 50);
    EXPECT_NEAR(read.last, 49 / 25.0, .003) << name;
    EXPECT_LT(mean_difference(read.first, renderer.frame(0)), 4) << name;
  }
}

TEST_F(Films, CostMoreBytesAtHigherQuality) {
  for (const char* end : {".mp4", ".mkv"}) {
    const auto size_at = [&](int quality) {
      const std::filesystem::path path = folder / std::to_string(quality).append(end);
      EXPECT_TRUE(write_film(renderer, path, quality));
      return std::filesystem::file_size(path);
    };
    EXPECT_GT(size_at(95), 2 * size_at(40)) << end;
  }
}

TEST_F(Films, OfAnUnknownKindOrNowhereAreRefusedWithoutATrace) {
  const auto kind = write_film(renderer, folder / "phrase.gif", 90);
  ASSERT_FALSE(kind);
  EXPECT_EQ(kind.error().code, ErrorCode::options);
  EXPECT_THAT(kind.error().message, testing::HasSubstr(".mp4"));
  EXPECT_EQ(write_film(renderer, folder / "a.mp4", 0).error().code, ErrorCode::options);
  EXPECT_EQ(write_film(renderer, folder / "no" / "such" / "phrase.mp4", 90).error().code, ErrorCode::io);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(Films, TheTruthIsWhatTheRendererDrew) {
  const json::value truth = json::parse(truth_json(renderer));
  EXPECT_EQ(truth.at("width").as_int64(), 320);
  EXPECT_EQ(truth.at("frames").as_int64(), 50);
  EXPECT_EQ(truth.at("hits").at(0).at("by").as_string(), "right");
  EXPECT_EQ(truth.at("hits").at(0).at("frame").as_int64(), 30);
  ASSERT_EQ(truth.at("keypoints").as_array().size(), 50U);
  const auto drawn = renderer.truth(17).right[joint::left_elbow];
  const json::value& point = truth.at("keypoints").at(17).at(1).at(joint::left_elbow);
  EXPECT_NEAR(point.at(0).to_number<double>(), drawn.x, .006);
  EXPECT_NEAR(point.at(1).to_number<double>(), drawn.y, .006);
}

TEST_F(Films, TheTruthOfACameraThatMovesIsThere) {
  EXPECT_FALSE(json::parse(truth_json(renderer)).as_object().contains("camera"));
  auto options = renderer.options();
  options.camera.pan = 1;
  const Renderer moving(renderer.scene(), options);
  const json::value truth = json::parse(truth_json(moving));
  ASSERT_EQ(truth.at("camera").as_array().size(), truth.at("keypoints").as_array().size());
  EXPECT_NEAR(truth.at("camera").at(9).at(2).to_number<double>(), moving.camera(9).x, 1e-6);
}

TEST_F(Films, TheTruthOfThoseWhoStandAroundIsThere) {
  EXPECT_FALSE(json::parse(truth_json(renderer)).as_object().contains("others"));
  auto options = renderer.options();
  options.company = {.spectators = 2, .referee = true};
  const Renderer full(renderer.scene(), options);
  const json::array others = json::parse(truth_json(full)).at("others").as_array();
  ASSERT_EQ(others.size(), 3U);
  EXPECT_EQ(others.at(2).at("who").as_string(), "referee") << "the furthest first";
  ASSERT_EQ(others.at(0).at("keypoints").as_array().size(), 50U);
  const auto hip = full.others(9).at(1).keypoints[joint::left_hip];
  EXPECT_NEAR(others.at(1).at("keypoints").at(9).at(joint::left_hip).at(0).to_number<double>(), hip.x, .006);
}

TEST_F(Films, TextIsWrittenWholeOrNotAtAll) {
  ASSERT_TRUE(write_text(folder / "log.txt", "Phrase 1\n"));
  std::ifstream file(folder / "log.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "Phrase 1\n");
  EXPECT_EQ(write_text(folder / "no" / "log.txt", "x").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace piste::render
