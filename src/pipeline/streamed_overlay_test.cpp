// The overlay of a long phrase, with tracks that are known beforehand: no models.
#include "pipeline/streamed_overlay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/temp_dir.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr int width = 320;
constexpr int height = 180;
constexpr double fps = 30;
constexpr int long_phrase = 200;  // frames; those of some seconds' end are drawn when it is over
constexpr int again = 14;  // pictures: those of the first .41 s, for the hit is at .11 s; the last one twice

types::Bytes picture(std::uint8_t shade) {
  types::Image image{width, height, types::Bytes(std::size_t{width} * height * 3, shade)};
  return video::encode_jpeg(image, 80).value();
}

types::Tracks tracks_of(int frames, double from = 0) {
  types::Tracks tracks;
  tracks.fps = fps;
  for (const types::Side side : types::both_sides) {
    for (int i = 0; i < frames; ++i) {
      if (i / fps < from) continue;
      types::TrackPoint point{i, i / fps, true, true, {}};
      const float x = side == types::Side::left ? 100 : 220;
      for (std::size_t k = 0; k < point.keypoints.size(); ++k)
        point.keypoints[k] = {x + static_cast<float>(k % 4), 60 + 5 * static_cast<float>(k), 1};
      tracks[side].points.push_back(point);
    }
  }
  return tracks;
}

class StreamedOverlayTest : public testing::Test {
 protected:
  void SetUp() override {
    settings_.id = "test";
    settings_.width = width;
    settings_.height = height;
    settings_.fps = fps;
    settings_.directory = folder_.path();
    log_ = recording::FrameLog::create(settings_.directory / "frames.log", {width, height, fps}).value();
  }

  void receive(int number, std::optional<double> timestamp) {
    const auto bytes = std::make_shared<const types::Bytes>(picture(static_cast<std::uint8_t>(40 + number)));
    ASSERT_TRUE(log_->append({number, timestamp, types::Encoding::jpeg, width, height, bytes}).ok());
  }

  // What the live phrase does after each frame; the drawing of a piece is waited for, so that each run is
  // alike.
  void look_at(StreamedOverlay& overlay, int frames) {
    overlay.advance(frames, [frames](double from) { return tracks_of(frames, from); });
    background_.run(background_.make_lane(), [] {}).get();
  }

  types::Analysis analysis(int frames) const {
    types::Analysis made;
    made.width = width;
    made.height = height;
    made.tracks = tracks_of(frames);
    Moments(*log_, {.fps = fps}).put_into(made.tracks);
    made.phrase.touches.push_back({types::Side::left, 0.11, true});
    return made;
  }

  Result<base::Done> finish(StreamedOverlay& overlay, int frames, bool cancelled = false) {
    return overlay.finish(analysis(frames), Moments(*log_, {.fps = fps}),
                          {[this](double done) { progress_.push_back(done); }, [=] { return cancelled; }});
  }

  StreamedOverlay overlay() {
    return {*log_, settings_, types::Weapon::sabre, {workers_, lane_, background_, pictures_}};
  }

  std::vector<types::Frame> read_back() const {
    std::vector<types::Frame> frames;
    auto reader = video::Reader::open_file(settings_.directory / "overlay.mp4");
    EXPECT_TRUE(reader.ok());
    while (reader) {
      auto frame = (*reader)->next();
      if (!frame || !*frame) break;
      frames.push_back(std::move(**frame));
    }
    return frames;
  }

  const test::TempDir folder_;
  PhraseSettings settings_;
  std::unique_ptr<recording::FrameLog> log_;
  Workers background_{1};
  Workers workers_{2};
  std::shared_ptr<Workers::Lane> lane_ = workers_.make_lane();
  PictureBudget pictures_{1u << 30};
  std::vector<double> progress_;
};

// Red at the left of the band: the lamp of the left fencer.
bool lamp_is_lit(const types::Image& image) {
  int red = 0;
  for (int y = 730; y < 770; ++y) {
    for (int x = 20; x < 190; ++x) {
      const auto* pixel = image.bgr.data() + (y * image.width + x) * 3;
      red += pixel[2] > 140 && pixel[2] > pixel[1] + 60 ? 1 : 0;
    }
  }
  return red > 2000;
}

TEST_F(StreamedOverlayTest, HoldsEveryFrameOfALongPhraseAtItsTime) {
  auto overlay = this->overlay();
  for (int i = 0; i < long_phrase; ++i) {
    receive(i, 5000 + i / fps);
    look_at(overlay, i + 1);
  }
  ASSERT_TRUE(finish(overlay, long_phrase).ok());
  const auto frames = read_back();
  ASSERT_EQ(frames.size(), std::size_t{long_phrase + again});
  for (int i = 0; i < long_phrase; ++i) EXPECT_NEAR(frames[static_cast<std::size_t>(i)].time, i / fps, .001);
  EXPECT_FALSE(lamp_is_lit(frames[30].image)) << "drawn before the log was there";
  EXPECT_TRUE(lamp_is_lit(frames[long_phrase - 1].image)) << "drawn when the log was there";
  ASSERT_FALSE(progress_.empty());
  EXPECT_DOUBLE_EQ(progress_.back(), 1);
}

TEST_F(StreamedOverlayTest, AShortPhraseIsDrawnAsAWholeAtTheEnd) {
  auto overlay = this->overlay();
  for (int i = 0; i < 40; ++i) {
    receive(i, std::nullopt);
    look_at(overlay, i + 1);
  }
  EXPECT_FALSE(std::any_of(fs::directory_iterator(settings_.directory), fs::directory_iterator(),
                           [](const auto& entry) { return entry.path().filename() != "frames.log"; }));
  ASSERT_TRUE(finish(overlay, 40).ok());
  const auto frames = read_back();
  ASSERT_EQ(frames.size(), std::size_t{40 + again});
  EXPECT_TRUE(lamp_is_lit(frames[10].image));
}

TEST_F(StreamedOverlayTest, IsDrawnAnewWhereTheTimestampsProveToBeWrong) {
  auto overlay = this->overlay();
  for (int i = 0; i < long_phrase; ++i) {
    receive(i, i < long_phrase - 4 ? 5000 + i * 1.1 / fps : 4000 - i);  // one step back would be a clock's
    look_at(overlay, i + 1);
  }
  ASSERT_TRUE(finish(overlay, long_phrase).ok());
  const auto frames = read_back();
  ASSERT_EQ(frames.size(), std::size_t{long_phrase + again});
  EXPECT_NEAR(frames[60].time, 60 / fps, .001);
  EXPECT_TRUE(lamp_is_lit(frames[10].image));
}

TEST_F(StreamedOverlayTest, DamagedFramesAreLeftOut) {
  auto overlay = this->overlay();
  for (int i = 0; i < 40; ++i) receive(i, std::nullopt);
  const auto broken = std::make_shared<const types::Bytes>(types::Bytes{1, 2, 3});
  for (int i = 40; i < 60; ++i)
    ASSERT_TRUE(log_->append({i, std::nullopt, types::Encoding::jpeg, width, height, broken}).ok());
  ASSERT_TRUE(finish(overlay, 60).ok());
  EXPECT_EQ(read_back().size(), std::size_t{40 + again});
}

TEST_F(StreamedOverlayTest, WithoutFramesOrCancelledItLeavesNothing) {
  {
    auto overlay = this->overlay();
    EXPECT_FALSE(finish(overlay, 0).ok());
  }
  {
    auto overlay = this->overlay();
    for (int i = 0; i < long_phrase; ++i) {
      receive(i, std::nullopt);
      look_at(overlay, i + 1);
    }
    const auto finished = finish(overlay, long_phrase, true);
    ASSERT_FALSE(finished.ok());
    EXPECT_EQ(finished.error().code, ErrorCode::cancelled);
  }
  const std::set<fs::path> left(fs::directory_iterator(settings_.directory), {});
  EXPECT_EQ(left.size(), 1u);  // the log
}

}  // namespace
}  // namespace piste::pipeline
