#include "client/frame_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "client/messages.h"
#include "client/testing/fake_reader.h"
#include "video/codec.h"
#include "video/writer.h"

namespace piste::client {
namespace {

using testing::FakeReader;
using testing::Footage;

constexpr double noon = 1.7e9;  // some moment of the wall clock

SourceOptions file_options() {
  SourceOptions options;
  options.video = "phrase.avi";
  return options;
}

FrameSource source_of(Footage footage, const SourceOptions& options) {
  return FrameSource(std::make_unique<FakeReader>(std::move(footage)), options, [] { return noon; });
}

std::vector<types::EncodedFrame> all(FrameSource& source) {
  std::vector<types::EncodedFrame> frames;
  for (auto frame = source.next(); frame && *frame; frame = source.next()) frames.push_back(**frame);
  return frames;
}

std::vector<double> times(const std::vector<types::EncodedFrame>& frames) {
  std::vector<double> out;
  for (const auto& frame : frames) out.push_back(*frame.timestamp - noon);
  return out;
}

std::vector<std::int64_t> numbers(const std::vector<types::EncodedFrame>& frames) {
  std::vector<std::int64_t> out;
  for (const auto& frame : frames) out.push_back(frame.number);
  return out;
}

TEST(FrameSource, TimestampsAreStartPlusMediaTime) {
  auto source = source_of(Footage::of(3, 25), file_options());
  EXPECT_EQ(source.info().fps, 25);
  const auto frames = all(source);
  EXPECT_EQ(numbers(frames), (std::vector<std::int64_t>{0, 1, 2}));
  const auto at = times(frames);
  EXPECT_NEAR(at[0], 0, 1e-6);
  EXPECT_NEAR(at[1], 0.04, 1e-6);
  EXPECT_NEAR(at[2], 0.08, 1e-6);
}

// As a server reads them; since the first.
std::vector<double> times_as_sent(double now) {
  FrameSource source(std::make_unique<FakeReader>(Footage::of(60, 30)), file_options(),
                     [now] { return now; });
  std::vector<double> out;
  for (const auto& frame : all(source)) {
    const std::string header = frame_header("s", frame, {});
    const std::string name = "\"timestamp\":";
    out.push_back(std::stod(header.substr(header.find(name) + name.size())));
  }
  const double first = out.front();
  for (double& time : out) time -= first;
  return out;
}

TEST(FrameSource, AFilmsTimestampsDifferByTheSameWheneverItIsSent) {
  const auto once = times_as_sent(noon + .123'456'7);
  for (const double later : {.1, 3.333'333'3, 7'000.654'321, 5e6 + .999'999})
    EXPECT_EQ(times_as_sent(noon + later), once) << later;
}

TEST(FrameSource, JpegsPassThroughUnlessQualityOrEncodingIsAskedFor) {
  auto untouched = source_of(Footage::of(2), file_options());
  EXPECT_TRUE(untouched.info().passed_through);
  EXPECT_FALSE(untouched.info().jpeg_quality);
  FakeReader same(Footage::of(2));
  EXPECT_EQ(*all(untouched)[0].bytes, *(*same.next_encoded())->bytes);

  SourceOptions asked = file_options();
  asked.jpeg_quality = 95;
  EXPECT_EQ(source_of(Footage::of(1), asked).info().jpeg_quality, 95);
  EXPECT_FALSE(source_of(Footage::of(1), asked).info().passed_through);
  SourceOptions png = file_options();
  png.encoding = types::Encoding::png;
  EXPECT_FALSE(source_of(Footage::of(1), png).info().passed_through);
  Footage h264 = Footage::of(1);
  h264.jpeg = false;
  EXPECT_EQ(source_of(h264, file_options()).info().jpeg_quality, default_jpeg_quality);
}

TEST(FrameSource, EncodesAsAsked) {
  for (const auto encoding : {types::Encoding::jpeg, types::Encoding::png, types::Encoding::raw}) {
    SourceOptions options = file_options();
    options.encoding = encoding;
    Footage footage = Footage::of(1);
    footage.jpeg = false;
    auto source = source_of(footage, options);
    const auto frames = all(source);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].encoding, encoding);
    EXPECT_TRUE(video::inspect(encoding, *frames[0].bytes, 32, 16));
    if (encoding == types::Encoding::raw) {
      EXPECT_EQ(frames[0].bytes->size(), 3u * 32 * 16);
    }
  }
}

SourceOptions h264_options() {
  SourceOptions options = file_options();
  options.encoding = types::Encoding::h264;
  return options;
}

std::vector<bool> keys(const std::vector<types::EncodedFrame>& frames) {
  std::vector<bool> out;
  for (const auto& frame : frames) out.push_back(frame.key);
  return out;
}

TEST(FrameSource, H264HasAKeyUnitEachSecond) {
  auto source = source_of(Footage::of(12, 5), h264_options());
  EXPECT_FALSE(source.info().passed_through);
  EXPECT_FALSE(source.info().jpeg_quality);
  const auto frames = all(source);
  ASSERT_EQ(frames.size(), 12u);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].encoding, types::Encoding::h264);
    EXPECT_EQ(frames[i].key, i % 5 == 0);
    const auto inspected = video::inspect(types::Encoding::h264, *frames[i].bytes, 32, 16);
    ASSERT_TRUE(inspected.ok()) << inspected.error().message;
    EXPECT_EQ(inspected->key, frames[i].key);
  }
}

TEST(FrameSource, H264TakesItsBitRateFromTheSizeUnlessOneIsGiven) {
  SourceOptions options = h264_options();
  EXPECT_EQ(source_of(Footage::of(1, 30), options).info().bitrate, 2);  // 32 x 16 x 30 / 10 = 1.5 kbit/s
  options.bitrate = 700;
  EXPECT_EQ(source_of(Footage::of(1), options).info().bitrate, 700);
  EXPECT_FALSE(source_of(Footage::of(1), file_options()).info().bitrate);
}

TEST(FrameSource, H264OfAnOddSizeIsAnnouncedAsItIsSent) {
  Footage footage = Footage::of(1);
  footage.width = 33;
  footage.height = 17;
  auto source = source_of(footage, h264_options());
  EXPECT_EQ(source.info().width, 32);
  EXPECT_EQ(source.info().height, 16);
  EXPECT_TRUE(video::inspect(types::Encoding::h264, *all(source)[0].bytes, 32, 16));
}

TEST(FrameSource, H264BeginsAnewAfterANumberThatIsMissing) {
  Footage footage = Footage::of(5, 30);
  footage.numbers = {0, 1, 3, 4, 5};  // a picture that is damaged in the file
  auto source = source_of(footage, h264_options());
  EXPECT_EQ(keys(all(source)), (std::vector<bool>{true, false, true, false, false}));
}

TEST(FrameSource, H264GoesOnOverFramesThatTheRateLeavesOut) {
  SourceOptions options = h264_options();
  options.max_fps = 10;
  auto source = source_of(Footage::of(30, 30), options);
  const auto frames = all(source);
  EXPECT_EQ(numbers(frames), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(keys(frames),
            (std::vector<bool>{true, false, false, false, false, false, false, false, false, false}));
}

TEST(FrameSource, H264BeginsAnewWhenAskedTo) {
  auto source = source_of(Footage::of(4, 30), h264_options());
  std::vector<types::EncodedFrame> frames;
  for (int i = 0; i < 4; ++i) {
    if (i == 2) source.begin_anew();
    frames.push_back(**source.next());
  }
  EXPECT_EQ(keys(frames), (std::vector<bool>{true, false, true, false}));
}

TEST(FrameSource, ThrottleDropsFramesAndKeepsTimesTrue) {
  SourceOptions options = file_options();
  options.max_fps = 20;
  auto source = source_of(Footage::of(60, 60), options);
  EXPECT_EQ(source.info().fps, 20);
  const auto frames = all(source);
  ASSERT_EQ(frames.size(), 20u);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].number, static_cast<std::int64_t>(i));
    EXPECT_NEAR(times(frames)[i], static_cast<double>(i) / 20, 1e-6);
  }
}

TEST(FrameSource, ThrottleToAnyRateKeepsThatRateOnAverage) {
  for (const double rate : {24.0, 25.0, 29.97, 7.5}) {
    SourceOptions options = file_options();
    options.max_fps = rate;
    auto source = source_of(Footage::of(600, 30), options);
    EXPECT_NEAR(static_cast<double>(all(source).size()), 20 * rate, 1.5) << rate;
  }
}

TEST(FrameSource, ThrottleAtTheVideosOwnRateDropsNothing) {
  SourceOptions options = file_options();
  options.max_fps = 30;
  Footage footage = Footage::of(300, 30);
  for (double& time : footage.times)
    time = std::floor(time * 1000) / 1000;  // a container of whole milliseconds
  auto source = source_of(footage, options);
  EXPECT_EQ(all(source).size(), 300u);
  options.max_fps = 240;
  auto faster = source_of(footage, options);
  EXPECT_EQ(faster.info().fps, 30);
  EXPECT_EQ(all(faster).size(), 300u);
}

TEST(FrameSource, DamagedPicturesStayGapsAndThrottledOnesDoNot) {
  Footage footage = Footage::of(6, 30);
  footage.numbers = {0, 1, 4, 5, 6, 7};
  auto source = source_of(footage, file_options());
  EXPECT_EQ(numbers(all(source)), footage.numbers);
  SourceOptions halved = file_options();
  halved.max_fps = 15;
  auto throttled = source_of(Footage::of(6, 30), halved);
  EXPECT_EQ(numbers(all(throttled)), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(FrameSource, ExpectsWhatTheContainerPromises) {
  Footage footage = Footage::of(1, 60);
  EXPECT_FALSE(source_of(footage, file_options()).info().expected_frames);
  footage.frame_count = 1800;
  EXPECT_EQ(source_of(footage, file_options()).info().expected_frames, 1800);
  SourceOptions halved = file_options();
  halved.max_fps = 30;
  EXPECT_EQ(source_of(footage, halved).info().expected_frames, 900);
}

TEST(FrameSource, ACameraEndsAfterItsDuration) {
  SourceOptions options;
  options.camera = "0";
  options.duration = 2;
  auto source = source_of(Footage::of(1000, 30), options);
  EXPECT_TRUE(source.info().camera);
  EXPECT_EQ(source.info().expected_frames, 60);
  EXPECT_EQ(all(source).size(), 60u);
}

TEST(FrameSource, WhatCannotBeOpenedIsAUsageError) {
  SourceOptions options;
  options.video = "/no/such/file.avi";
  const auto missing = FrameSource::open(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::usage);
  SourceOptions camera;
  camera.camera = "/no/such/device";
  EXPECT_FALSE(FrameSource::open(camera));
}

// ---- real files

class VideoFile : public ::testing::Test {
 protected:
  ~VideoFile() override { std::filesystem::remove(path_); }

  static types::Image picture(int i) {
    types::Image image{64, 48, types::Bytes(64 * 48 * 3, 40)};
    for (std::size_t p = 0; p < image.bgr.size(); p += 7)
      image.bgr[p] = static_cast<std::uint8_t>(20 * i + 3);
    return image;
  }
  SourceOptions options() const {
    SourceOptions out;
    out.video = path_;
    return out;
  }
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("frame_source" + std::to_string(::getpid()) + ".mkv");
};

TEST_F(VideoFile, MjpegComesOutBitForBit) {
  std::vector<types::Bytes> written;
  auto writer = video::RebuiltVideoWriter::create(path_, types::Encoding::jpeg, 64, 48, 30);
  ASSERT_TRUE(writer) << writer.error().message;
  for (int i = 0; i < 5; ++i) {
    written.push_back(*video::encode_jpeg(picture(i), 90));
    types::EncodedFrame frame{i,  std::nullopt, types::Encoding::jpeg,
                              64, 48,           std::make_shared<const types::Bytes>(written.back())};
    ASSERT_TRUE((*writer)->write(frame, i / 30.0));
  }
  ASSERT_TRUE((*writer)->finish());

  auto source = FrameSource::open(options());
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_TRUE(source->info().passed_through);
  const auto frames = all(*source);
  ASSERT_EQ(frames.size(), written.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(*frames[i].bytes, written[i]);
  EXPECT_NEAR(*frames[4].timestamp - *frames[0].timestamp, 4 / 30.0, 0.002);
}

TEST_F(VideoFile, H264IsEncodedAnew) {
  auto writer = video::H264Writer::create(path_, 64, 48, 25);
  ASSERT_TRUE(writer) << writer.error().message;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*writer)->write(picture(i), i / 25.0));
  ASSERT_TRUE((*writer)->finish());

  auto source = FrameSource::open(options());
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_FALSE(source->info().passed_through);
  EXPECT_EQ(source->info().jpeg_quality, default_jpeg_quality);
  const auto frames = all(*source);
  ASSERT_EQ(frames.size(), 10u);
  for (const auto& frame : frames) EXPECT_TRUE(video::inspect(types::Encoding::jpeg, *frame.bytes, 64, 48));
}

}  // namespace
}  // namespace piste::client
