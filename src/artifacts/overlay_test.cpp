#include <gtest/gtest.h>

#include <cmath>
#include <functional>
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
constexpr double phrase_length = 2;  // s

struct Stretch {
  int frames;
  Look look;
};

// The overlay of the phrase over pictures, and what it shows again, read back.
std::vector<types::Frame> overlay_of(const types::Analysis& analysis, int width = 1280, int height = 720,
                                     const std::vector<Stretch>& stretches = {{phrase_frames, Look::whole}},
                                     const std::function<void(types::Image&)>& paint = {}) {
  TempDir directory;
  auto file = video::H264File::create(directory / "overlay.mp4").value();
  const auto write = [&](Look look, int from, int to, bool last) {
    auto piece = OverlayPiece::begin(analysis, look, phrase_length);
    EXPECT_TRUE(piece.ok()) << (piece ? "" : piece.error().message);
    if (!piece) return;
    for (int i = from; i < to; ++i) {
      auto frame = frame_at(i, width, height);
      if (paint) paint(frame.image);
      if (look != Look::repeat || repeat_of(analysis).shows(frame.time)) {
        EXPECT_TRUE((*piece)->write(frame).ok());
      }
    }
    if (last) {
      EXPECT_TRUE((*piece)->hold().ok());
    }
    auto run = (*piece)->finish();
    EXPECT_TRUE(run.ok() && file->append(**run).ok());
  };
  int number = 0;
  for (const auto& [frames, look] : stretches) {
    write(look, number, number + frames, false);
    number += frames;
  }
  write(Look::repeat, 0, phrase_frames, true);
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

// Of a picture of 1280 x 720; the band is below it.
constexpr Box video{0, 0, 1280, 720}, left_lamp{16, 728, 192, 772}, right_lamp{1088, 728, 1264, 772},
    left_row{48, 804, 1260, 824}, card{800, 0, 1280, 720}, stage{0, 0, 800, 720};

TEST(Overlay, AfterThePhraseItShowsTheHitAgainAtAQuarterOfTheSpeed) {
  const auto& frames = example_overlay();  // hits at 1.5 and 1.6 s
  const auto repeat = repeat_of(example());
  EXPECT_DOUBLE_EQ(repeat.from, .5);
  EXPECT_DOUBLE_EQ(repeat.to, 1.8);
  ASSERT_EQ(frames.size(), 60u + 40u + 1u);  // the phrase, 1.3 s of it again, and the last one once more
  EXPECT_NEAR(frames[59].time, 59 / 30., .001);
  EXPECT_NEAR(frames[60].time, phrase_length, .001);
  EXPECT_NEAR(frames[61].time - frames[60].time, 4 / 30., .001);
  EXPECT_NEAR(frames[99].time, phrase_length + 4 * 39 / 30., .001);
  EXPECT_NEAR(frames[100].time, frames[99].time + 1.5, .001);
}

TEST(Overlay, TheVerdictStandsBesideWhatIsShownAgain) {
  const auto& frames = example_overlay();
  EXPECT_LT(count_near(frames[30].image, palette::ink, card, 12), 20000);
  for (const std::size_t i : {60u, 80u, 100u}) {
    const auto& image = frames[i].image;
    EXPECT_GT(count_near(image, palette::ink, card, 12), 200000) << i;
    EXPECT_GT(count_near(image, palette::red, card), 2000) << i;  // the winner's colour
    EXPECT_GT(count_near(image, {60, 60, 60}, stage, 12), 300000) << i << ": the video is not dimmed";
  }
}

TEST(Overlay, WhatIsShownAgainIsNear) {
  auto analysis = example();
  for (const auto side : types::both_sides)
    for (auto& point : analysis.tracks[side].points)
      point.keypoints = figure(side == types::Side::left ? 600 : 700, side == types::Side::left);
  const auto frames = overlay_of(analysis);
  const auto tall = [](const types::Image& image) {  // rows in which there is red of the skeleton
    int rows = 0;
    for (int y = 0; y < 720; ++y) rows += count_near(image, palette::red, {20, y, 780, y + 1}) > 0 ? 1 : 0;
    return rows;
  };
  EXPECT_GT(tall(frames[70].image), tall(frames[30].image) * 3 / 2);
}

TEST(Overlay, TheBandLiesBelowThePictureAndHidesNothing) {
  const auto lowest_rows_white = [](types::Image& image) {
    std::fill(image.bgr.end() - 1280 * 3 * 40, image.bgr.end(), std::uint8_t{255});
  };
  auto analysis = example();
  analysis.verdict.trace.push_back({"ground", 1.5, 45, 1, "units", "", 2, types::Side::left,
                                    "Left came forward 1.0 m further than right"});
  const auto frames = overlay_of(analysis, 1280, 720, {{phrase_frames, Look::whole}}, lowest_rows_white);
  for (const std::size_t i : {0u, 20u, 48u, 59u}) {
    const auto& image = frames[i].image;
    EXPECT_EQ(image.height, 720 + 144);
    EXPECT_GT(count_near(image, palette::white, {20, 682, 1260, 720}), 1240 * 38 * 99 / 100) << i;
  }
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

TEST(Overlay, TheTimelineShowsPausesAndWhoBegan) {
  auto analysis = example();
  const Box right_row{48, 830, 1260, 850};
  EXPECT_GT(count_near(example_overlay()[5].image, palette::amber, right_row), 500);
  const int without = count_near(example_overlay()[5].image, palette::white, left_row);
  analysis.verdict.began = types::Began{types::Side::left, .8, 24, {}};
  EXPECT_GT(count_near(overlay_of(analysis)[5].image, palette::white, left_row), without + 50);
}

// Filled in the lamp's colour: neither label nor skeleton is.
int badge(const types::Image& image, Colour colour) {
  int rows = 0;
  for (int y = 0; y < 340; ++y) rows += count_near(image, colour, {20, y, 1260, y + 1}) > 30 ? 1 : 0;
  return rows;
}

TEST(Overlay, ABadgeSaysWhoBeginsAndWhoHits) {
  auto analysis = example();
  analysis.verdict.began = types::Began{types::Side::right, .2, 6, .3};
  const auto frames = overlay_of(analysis);
  EXPECT_LT(badge(frames[3].image, palette::green), 5);  // a label's underline
  EXPECT_GT(badge(frames[8].image, palette::green), 15);
  EXPECT_LT(badge(frames[8].image, palette::red), 5);
  EXPECT_LT(badge(frames[42].image, palette::red), 5);
  EXPECT_GT(badge(frames[46].image, palette::red), 15);  // 1.53 s, the hit was at 1.5
}

TEST(Overlay, AfterTheLastLampTheFencersAreGrey) {
  const auto& frames = example_overlay();  // 1.6 s
  const auto coloured = [&](std::size_t i) {
    return count_near(frames[i].image, palette::red, {20, 360, 1260, 580}) +
           count_near(frames[i].image, palette::green, {20, 360, 1260, 580});
  };
  EXPECT_GT(coloured(55), 500);
  EXPECT_LT(coloured(59), 50);
}

TEST(Overlay, WhoIsSeenBadlyIsGreyAndItIsSaid) {
  auto analysis = example();
  analysis.verdict.quality.fencers.left.lapses = {
      {types::Lapse::Kind::faint, .3, .8, 9, 24, "The left fencer is hardly recognised"}};
  const auto frames = overlay_of(analysis);
  const Box left{300, 360, 520, 580};
  EXPECT_GT(count_near(frames[4].image, palette::red, left), 300);
  EXPECT_LT(count_near(frames[15].image, palette::red, left), 20);
  EXPECT_GT(count_near(frames[15].image, palette::green, {700, 360, 980, 580}), 300);
  EXPECT_GT(count_near(frames[15].image, palette::grey, {300, 290, 520, 350}, 16), 100) << "the label";
}

// How often what stands over the left fencer changes: its underline has the motion's colour.
TEST(Overlay, WhatIsSaidStaysAThirdOfASecond) {
  auto analysis = example();
  analysis.verdict.actions.clear();
  for (int i = 0; i < 45; i += 3) {  // a tenth of a second each
    const char* kind = i % 2 == 0 ? "retreat" : "pause";
    analysis.verdict.actions.push_back({kind, types::Side::left, i / 30., (i + 2) / 30., i, i + 2, 1});
  }
  analysis.verdict.actions.push_back({"parry", types::Side::right, .5, .55, 15, 16, 1});
  const auto frames = overlay_of(analysis);
  const auto label = [&](std::size_t i, Colour colour) {
    return count_near(frames[i].image, colour, {250, 300, 560, 345}) > 40;
  };
  for (std::size_t i = 1; i < 45; ++i) {
    EXPECT_TRUE(label(i, palette::slate)) << i;
    EXPECT_FALSE(label(i, palette::amber)) << i;
  }
  const auto parry = [&](std::size_t i) {
    return count_near(frames[i].image, palette::white, {820, 300, 1000, 345}) > 100;
  };
  EXPECT_FALSE(parry(13));
  EXPECT_TRUE(parry(16));
  EXPECT_TRUE(parry(22));  // it was over at .55 s
  EXPECT_FALSE(parry(26));
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
  const Box left{300, 340, 480, 580}, timeline{0, 785, 1280, 864};
  EXPECT_GT(count_near(frames[10].image, palette::red, left), 300);
  EXPECT_LT(count_near(frames[47].image, palette::red, left_lamp), 20);  // it is lit from 1.5 s on
  EXPECT_LT(count_near(frames[5].image, palette::amber, timeline), 20);
  EXPECT_GT(count_near(frames[52].image, palette::red, left_lamp), 150);
  EXPECT_GT(count_near(frames[52].image, palette::amber, timeline), 500);
}

types::Analysis enlarged(types::Analysis analysis, float factor) {
  for (const auto side : types::both_sides) {
    for (auto& point : analysis.tracks[side].points) {
      for (auto& keypoint : point.keypoints) {
        keypoint.x *= factor;
        keypoint.y *= factor;
      }
    }
  }
  return analysis;
}

TEST(Overlay, EverySizeIsDrawnAt720Lines) {
  struct Size {
    int width, height, decoded_width;
  };
  // As received; decoded at half size; small.
  for (const auto& [width, height, decoded] : {Size{1920, 1080, 1920}, {1920, 1080, 960}, {320, 180, 320}}) {
    auto analysis = enlarged(example(), static_cast<float>(width) / 1280);
    analysis.width = width;
    analysis.height = height;
    const auto frames = overlay_of(analysis, decoded, decoded * 9 / 16);
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0].image.width, 1280);
    EXPECT_EQ(frames[0].image.height, 720 + 144);
    EXPECT_GT(count_near(frames[10].image, palette::red, {300, 340, 480, 580}), 300) << width;
  }
}

TEST(Overlay, APortraitHasTheCardBelow) {
  auto analysis = example();
  analysis.width = 360;
  analysis.height = 640;
  const auto frames = overlay_of(analysis, 360, 640);
  ASSERT_GT(frames.size(), 70u);
  EXPECT_EQ(frames[0].image.width, 720);
  EXPECT_EQ(frames[0].image.height, 1280 + 196);
  EXPECT_GT(count_near(frames[70].image, palette::ink, {0, 640, 720, 1280}, 12), 300000);
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
  EXPECT_FALSE(piece->hold().ok());
  const auto finished = piece->finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().code, ErrorCode::video);
  EXPECT_FALSE(OverlayPiece::begin(types::Analysis{}, Look::whole).ok());
}

}  // namespace
}  // namespace piste::artifacts
