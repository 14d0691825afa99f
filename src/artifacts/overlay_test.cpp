#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "artifacts/artifacts.h"
#include "artifacts/style.h"
#include "artifacts/test_analysis.h"
#include "video/reader.h"

namespace piste::artifacts {
namespace {

using namespace test;

types::Frame frame_at(int i, int width, int height, double scale = 1) {
  types::Frame frame;
  frame.number = i;
  frame.time = i / 30.;
  frame.scale = scale;
  frame.image = {width, height,
                 types::Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 60)};
  return frame;
}

std::vector<types::Frame> frames_of(const std::filesystem::path& path) {
  auto reader = video::Reader::open_file(path);
  EXPECT_TRUE(reader.ok());
  std::vector<types::Frame> frames;
  while (reader) {
    auto frame = (*reader)->next();
    if (!frame || !*frame) break;
    frames.push_back(std::move(**frame));
  }
  return frames;
}

constexpr int phrase_frames = 60;

struct Stretch {
  int frames;
  Look look;
};

// The overlay of the phrase over grey pictures, read back.
std::vector<types::Frame> overlay_of(const types::Analysis& analysis, int width = 1280, int height = 720,
                                     const std::vector<Stretch>& stretches = {{phrase_frames, Look::whole}}) {
  TempDir directory;
  auto file = video::H264File::create(directory / "overlay.mp4").value();
  int number = 0;
  for (const auto& [frames, look] : stretches) {
    auto piece = OverlayPiece::begin(analysis, look);
    EXPECT_TRUE(piece.ok()) << (piece ? "" : piece.error().message);
    if (!piece) return {};
    for (int i = 0; i < frames; ++i) EXPECT_TRUE((*piece)->write(frame_at(number++, width, height)).ok());
    if (number == phrase_frames) {
      EXPECT_TRUE((*piece)->hold_verdict().ok());
    }
    auto run = (*piece)->finish();
    EXPECT_TRUE(run.ok() && file->append(**run).ok());
  }
  EXPECT_TRUE(file->finish().ok());
  return frames_of(directory / "overlay.mp4");
}

// The example's, which several tests look at.
const std::vector<types::Frame>& example_overlay() {
  static const auto frames = overlay_of(example());
  return frames;
}

struct Box {
  int left, top, right, bottom;
};

// How many pixels of a box are near a colour.
int count_near(const types::Image& image, Colour colour, Box box, int tolerance = 48) {
  int count = 0;
  for (int y = std::max(0, box.top); y < std::min(image.height, box.bottom); ++y) {
    for (int x = std::max(0, box.left); x < std::min(image.width, box.right); ++x) {
      const auto* p = image.bgr.data() + (y * image.width + x) * 3;
      count += std::abs(p[0] - colour.b) < tolerance && std::abs(p[1] - colour.g) < tolerance &&
               std::abs(p[2] - colour.r) < tolerance;
    }
  }
  return count;
}

constexpr Box left_lamp{0, 0, 120, 100}, right_lamp{1160, 0, 1280, 100};

TEST(Overlay, LastsAsLongAsThePhraseAndTheVerdictAfterIt) {
  const auto& frames = example_overlay();
  ASSERT_GT(frames.size(), 60u);
  EXPECT_EQ(frames[0].image.width, 1280);
  EXPECT_EQ(frames[0].image.height, 720);
  EXPECT_NEAR(frames[59].time, 59 / 30., .001);
  EXPECT_NEAR(frames.back().time, 2 + 2.5, .1);
}

TEST(Overlay, SkeletonsAreInTheColoursOfTheLamps) {
  const auto& frames = example_overlay();
  const auto& image = frames[10].image;
  const Box left{300, 340, 480, 580}, right{800, 340, 980, 580};
  EXPECT_GT(count_near(image, palette::red, left), 300);
  EXPECT_GT(count_near(image, palette::green, right), 300);
  EXPECT_LT(count_near(image, palette::green, left), 20);
  EXPECT_LT(count_near(image, palette::red, right), 20);
}

TEST(Overlay, FilledInSkeletonsAreFainter) {
  auto analysis = example();
  for (auto& point : analysis.tracks.left.points) point.reliable = false;
  const Box left{300, 340, 480, 580};
  const int solid = count_near(example_overlay().at(10).image, palette::red, left);
  const int faint = count_near(overlay_of(analysis)[10].image, palette::red, left);
  EXPECT_LT(faint, solid / 4);
}

TEST(Overlay, LampsLightFromTheTouchOn) {
  const auto& frames = example_overlay();  // left at 1.5 s, right at 1.6 s
  const auto lit = [&](std::size_t i, Colour colour, Box box) {
    return count_near(frames[i].image, colour, box) > 150;
  };
  EXPECT_FALSE(lit(43, palette::red, left_lamp));
  EXPECT_TRUE(lit(46, palette::red, left_lamp));
  EXPECT_FALSE(lit(46, palette::green, right_lamp));
  EXPECT_TRUE(lit(49, palette::green, right_lamp));
}

TEST(Overlay, TheBoxsClockIsMovedByItsOffset) {
  auto analysis = example();
  analysis.log_offset = -.5;
  const auto frames = overlay_of(analysis);
  EXPECT_GT(count_near(frames[31].image, palette::red, left_lamp), 150);
}

TEST(Overlay, OffTargetIsWhite) {
  auto analysis = example();
  analysis.phrase.touches[1].valid = false;
  const auto frames = overlay_of(analysis);
  EXPECT_GT(count_near(frames[52].image, palette::white, right_lamp), 300);
  EXPECT_LT(count_near(frames[52].image, palette::green, right_lamp), 50);
}

TEST(Overlay, TheTimelineShowsPausesAndTheVerdictStandsAtTheEnd) {
  const auto& frames = example_overlay();
  EXPECT_GT(count_near(frames[5].image, palette::amber, {0, 628, 1280, 720}), 500);
  const Box card{260, 150, 1020, 520};
  EXPECT_LT(count_near(frames[5].image, palette::ink, card, 20), 8000);  // the labels
  EXPECT_GT(count_near(frames.back().image, palette::ink, card, 20), 60000);
  EXPECT_GT(count_near(frames.back().image, palette::red, card), 2000);  // the winner's colour
}

TEST(Overlay, InPiecesItLooksAsInOne) {
  const auto& whole = example_overlay();
  const auto pieces = overlay_of(example(), 1280, 720, {{25, Look::whole}, {35, Look::whole}});
  ASSERT_EQ(pieces.size(), whole.size());
  for (const std::size_t i : {24u, 25u, 40u, 59u, 70u}) {
    EXPECT_NEAR(pieces[i].time, whole[i].time, 1e-6);
    double sum = 0;
    for (std::size_t at = 0; at < whole[i].image.bgr.size(); ++at)
      sum += std::abs(int{pieces[i].image.bgr[at]} - int{whole[i].image.bgr[at]});
    EXPECT_LT(sum / static_cast<double>(whole[i].image.bgr.size()), 1)
        << i;  // but for the encoder's rounding
  }
}

TEST(Overlay, LiveItHasSkeletonsAndNothingThatOnlyTheEndCanTell) {
  const auto frames = overlay_of(example(), 1280, 720, {{50, Look::live}, {10, Look::whole}});
  const Box left{300, 340, 480, 580}, timeline{0, 628, 1280, 720};
  EXPECT_GT(count_near(frames[10].image, palette::red, left), 300);
  EXPECT_LT(count_near(frames[47].image, palette::red, left_lamp), 20);  // it is lit from 1.5 s on
  EXPECT_LT(count_near(frames[5].image, palette::amber, timeline), 20);
  EXPECT_GT(count_near(frames[52].image, palette::red, left_lamp), 150);
  EXPECT_GT(count_near(frames[52].image, palette::amber, timeline), 500);
}

TEST(Overlay, WidePicturesAreDrawnAtHalfSize) {
  auto analysis = example();
  analysis.width = 1920;
  analysis.height = 1080;
  for (const auto side : types::both_sides) {
    for (auto& point : analysis.tracks[side].points) {
      for (auto& keypoint : point.keypoints) {
        keypoint.x *= 1.5f;
        keypoint.y *= 1.5f;
      }
    }
  }
  for (const int width : {1920, 960}) {  // as received, and decoded at half size already
    const auto frames = overlay_of(analysis, width, width * 9 / 16);
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0].image.width, 960);
    EXPECT_EQ(frames[0].image.height, 540);
    EXPECT_GT(count_near(frames[10].image, palette::red, {225, 255, 360, 435}), 150) << width;
  }
}

TEST(Overlay, AnySizeIsDrawn) {
  for (const auto& [width, height] : {std::pair{64, 48}, {321, 241}, {720, 1280}, {16, 16}, {1280, 32}}) {
    auto analysis = example();
    analysis.width = width;
    analysis.height = height;
    EXPECT_GT(overlay_of(analysis, width, height).size(), 60u) << width << 'x' << height;
  }
}

TEST(Overlay, AbsurdKeypointsAndTextsDoNoHarm) {
  auto analysis = example();
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  analysis.tracks.left.points[1].keypoints.fill({nan, nan, 1});
  analysis.tracks.left.points[2].keypoints.fill({infinity, -infinity, 1});
  analysis.tracks.left.points[3].keypoints.fill({1e30f, -1e30f, 1});
  analysis.tracks.left.points[4].keypoints.fill({-1e6f, 1e6f, 1});
  analysis.tracks.left.points[5].keypoints.fill({});
  analysis.verdict.reason = std::string(5000, 'x') + " épée ⚔ \xFF\n" + std::string(300, ' ') + "end";
  analysis.verdict.trace[0].text = std::string(5000, 'y');
  analysis.verdict.actions.push_back({"", types::Side::left, -1e9, 1e9, 0, 0, 1});
  analysis.verdict.actions.push_back({std::string(3000, 'k'), types::Side::right, 1, .5, 0, 0, 1});
  analysis.phrase.blade_contacts = {-1e9, 1e300, 0};
  analysis.phrase.touches[0].time = std::numeric_limits<double>::quiet_NaN();
  analysis.verdict.confidence = std::numeric_limits<double>::infinity();
  EXPECT_GT(overlay_of(analysis).size(), 60u);
}

TEST(Overlay, WhatCannotBeDrawnIsAnError) {
  const auto analysis = example();
  auto piece = OverlayPiece::begin(analysis, Look::whole).value();
  EXPECT_FALSE(piece->write(types::Frame{}).ok());
  EXPECT_FALSE(piece->hold_verdict().ok());
  const auto finished = piece->finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().code, ErrorCode::video);
  EXPECT_FALSE(OverlayPiece::begin(types::Analysis{}, Look::whole).ok());
}

}  // namespace
}  // namespace piste::artifacts
