#include "video/reader.h"

#include <gtest/gtest.h>

extern "C" {
#include <libavutil/display.h>
}

#include <functional>
#include <random>

#include "video/muxer.h"
#include "video/test_pictures.h"
#include "video/writer.h"

namespace piste::video {
namespace {

using namespace test;
using types::Encoding;

void write_jpegs(const std::filesystem::path& path, int count, int width = 64, int height = 48) {
  auto writer = RebuiltVideoWriter::create(path, Encoding::jpeg, width, height, 25).value();
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(
        writer->write(frame_of(jpeg_of(ramps(width, height, i)), Encoding::jpeg, width, height), i / 25.)
            .ok());
  }
  ASSERT_TRUE(writer->finish().ok());
}

void write_h264(const std::filesystem::path& path, int count, int width = 64, int height = 48) {
  auto writer = H264Writer::create(path, width, height, 25).value();
  for (int i = 0; i < count; ++i) ASSERT_TRUE(writer->write(ramps(width, height, i), i / 25.).ok());
  ASSERT_TRUE(writer->finish().ok());
}

struct Reading {
  std::vector<types::Frame> frames;
  std::int64_t damaged = 0;
  bool failed = false;
};

Reading read_all(Reader& reader) {
  Reading reading;
  for (;;) {
    auto frame = reader.next();
    reading.failed = !frame.ok();
    if (!frame || !*frame) break;
    reading.frames.push_back(std::move(**frame));
  }
  reading.damaged = reader.damaged();
  return reading;
}

TEST(Reader, SaysWhatTheFileIs) {
  TempDir directory;
  write_h264(directory / "a.mp4", 50, 128, 96);
  const auto reader = Reader::open_file(directory / "a.mp4");
  ASSERT_TRUE(reader.ok());
  const auto& info = (*reader)->info();
  EXPECT_EQ(info.width, 128);
  EXPECT_EQ(info.height, 96);
  EXPECT_NEAR(info.fps, 25, .01);
  EXPECT_EQ(info.frame_count, 50);
  EXPECT_FALSE(info.jpeg);
}

TEST(Reader, GivesEveryPictureInOrder) {
  TempDir directory;
  write_h264(directory / "a.mp4", 50);
  const auto reading = read_all(**Reader::open_file(directory / "a.mp4"));
  ASSERT_EQ(reading.frames.size(), 50u);
  for (int i = 0; i < 50; ++i) {
    const auto& frame = reading.frames[static_cast<std::size_t>(i)];
    EXPECT_EQ(frame.number, i);
    EXPECT_NEAR(frame.time, i / 25., .001);
    EXPECT_EQ(frame.scale, 1);
    EXPECT_LT(difference(frame.image, ramps(64, 48, i)), 12) << i;
  }
  EXPECT_EQ(reading.damaged, 0);
}

TEST(Reader, EncodedReadingGivesTheFilesOwnBytesAndTimes) {
  TempDir directory;
  write_jpegs(directory / "a.mkv", 5);
  auto reader = Reader::open_file(directory / "a.mkv").value();
  ASSERT_TRUE(reader->info().jpeg);
  for (int i = 0; i < 5; ++i) {
    const auto encoded = reader->next_encoded();
    ASSERT_TRUE(encoded.ok() && *encoded);
    EXPECT_EQ((*encoded)->number, i);
    EXPECT_NEAR(*(*encoded)->timestamp, i / 25., .001);
    EXPECT_EQ(*(*encoded)->bytes, jpeg_of(ramps(64, 48, i)));
  }
  EXPECT_FALSE(reader->next_encoded().value().has_value());
}

// A file of one JPEG whose header is described by the caller.
void write_one(const std::filesystem::path& path, const char* format, const types::Bytes& jpeg, int width,
               int height, const std::function<void(AVStream&)>& describe = {}) {
  auto muxer = Muxer::create(path, format).value();
  auto& parameters = *muxer->stream().codecpar;
  parameters.codec_type = AVMEDIA_TYPE_VIDEO;
  parameters.codec_id = AV_CODEC_ID_MJPEG;
  parameters.width = width;
  parameters.height = height;
  muxer->stream().time_base = {1, 1000};
  if (describe) describe(muxer->stream());
  Options options;
  ASSERT_TRUE(muxer->begin(options).ok());
  const PacketPtr packet(av_packet_alloc());
  packet->data = const_cast<std::uint8_t*>(jpeg.data());
  packet->size = static_cast<int>(jpeg.size());
  packet->flags = AV_PKT_FLAG_KEY;
  packet->pts = packet->dts = 0;
  packet->duration = 40;
  ASSERT_TRUE(muxer->write(*packet, {1, 1000}).ok());
  ASSERT_TRUE(muxer->finish().ok());
}

// A container's display matrix, and where the top left pixel of the stored picture is then shown.
TEST(Reader, RotationIsApplied) {
  TempDir directory;
  auto image = plain(64, 48, 0, 0, 0);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) image.bgr[static_cast<std::size_t>((y * 64 + x) * 3 + 2)] = 255;
  }
  const auto jpeg = jpeg_of(image);
  struct Case {
    double degrees;
    bool mirrored;
    int width;
    int x;
    int y;
  };
  // FFmpeg's angle is counter-clockwise.
  for (const Case& c : {Case{0, false, 64, 8, 8},
                        {-90, false, 48, 40, 8},
                        {90, false, 48, 8, 56},
                        {180, false, 64, 56, 40},
                        {0, true, 64, 56, 8}}) {
    const auto path = directory / "a.mov";
    write_one(path, "mov", jpeg, 64, 48, [&](AVStream& stream) {
      auto* matrix = reinterpret_cast<std::int32_t*>(
          av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t)));
      av_display_rotation_set(matrix, -c.degrees);
      if (c.mirrored) av_display_matrix_flip(matrix, 1, 0);
    });
    auto reader = Reader::open_file(path).value();
    EXPECT_EQ(reader->info().width, c.width) << c.degrees;
    EXPECT_EQ(reader->info().jpeg, c.degrees == 0 && !c.mirrored);
    const auto reading = read_all(*reader);
    ASSERT_EQ(reading.frames.size(), 1u);
    const auto& shown = reading.frames[0].image;
    ASSERT_EQ(shown.width, c.width);
    EXPECT_GT(shown.bgr[static_cast<std::size_t>((c.y * shown.width + c.x) * 3 + 2)], 200)
        << c.degrees << (c.mirrored ? " mirrored" : "");
  }
}

TEST(Reader, DamagedPicturesAreSkippedAndCountedWithTheirNumbers) {
  TempDir directory;
  write_jpegs(directory / "a.mkv", 6);
  auto bytes = read_file(directory / "a.mkv");
  const auto third = jpeg_of(ramps(64, 48, 2));
  const auto at = bytes.find(std::string(third.begin(), third.end()));
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, third.size(), third.size(), '\0');
  write_file(directory / "b.mkv", bytes);

  const auto reading = read_all(**Reader::open_file(directory / "b.mkv"));
  ASSERT_EQ(reading.frames.size(), 5u);
  EXPECT_EQ(reading.damaged, 1);
  EXPECT_EQ(reading.frames[2].number, 3);
  EXPECT_NEAR(reading.frames[2].time, 3 / 25., .001);

  auto reader = Reader::open_file(directory / "b.mkv").value();
  std::vector<std::int64_t> numbers;
  for (;;) {
    const auto frame = reader->next_encoded();
    ASSERT_TRUE(frame.ok());
    if (!*frame) break;
    numbers.push_back((*frame)->number);
  }
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 1, 3, 4, 5}));
  EXPECT_EQ(reader->damaged(), 1);
}

TEST(Reader, WhatIsNoVideoIsAnErrorWithoutAPath) {
  TempDir directory;
  write_file(directory / "empty.mp4", "");
  write_file(directory / "text.mp4", "this is not a video\n");
  std::mt19937 random(1);
  std::string noise(100000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  write_file(directory / "noise.avi", noise);
  for (const char* name : {"empty.mp4", "text.mp4", "noise.avi", "absent.mp4"}) {
    const auto reader = Reader::open_file(directory / name);
    ASSERT_FALSE(reader.ok()) << name;
    EXPECT_EQ(reader.error().message.find('/'), std::string::npos) << reader.error().message;
  }
  EXPECT_EQ(Reader::open_file(directory / "absent.mp4").error().code, ErrorCode::io);
  EXPECT_EQ(Reader::open_file(directory / ".").error().code, ErrorCode::io);
  EXPECT_EQ(Reader::open_file("http://127.0.0.1:9/a.mp4").error().code, ErrorCode::io);
}

TEST(Reader, APlaylistCannotMakeItOpenOtherFiles) {
  TempDir directory;
  write_h264(directory / "secret.mp4", 5);
  write_jpegs(directory / "secret.mkv", 5);
  const auto target = (directory / "secret.mp4").string();
  const std::vector<std::pair<std::string, std::string>> tricks{
      {"a.mp4", "ffconcat version 1.0\nfile secret.mp4\n"},
      {"b.mp4", "ffconcat version 1.0\nfile 'file:" + target + "'\n"},
      {"c.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n"},
      {"d.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://" + target + "\n#EXT-X-ENDLIST\n"},
      {"e.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"},
      {"f.mpd",
       "<?xml version=\"1.0\"?><MPD><Period><AdaptationSet><Representation><BaseURL>secret.mp4</BaseURL>"
       "</Representation></AdaptationSet></Period></MPD>"},
      {"g.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 26\n"},
      {"h%d.jpg", "no picture"},
  };
  for (const auto& [name, content] : tricks) {
    write_file(directory / name, content);
    EXPECT_FALSE(Reader::open_file(directory / name).ok()) << name;
  }
}

TEST(Reader, FilesCutAnywhereGiveWhatIsThereOrAnError) {
  TempDir directory;
  write_jpegs(directory / "a.mkv", 8);
  write_h264(directory / "a.mp4", 8);
  for (const char* name : {"a.mkv", "a.mp4"}) {
    const auto whole = read_file(directory / name);
    std::size_t most = 0;
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40) {
      write_file(directory / "cut", whole.substr(0, size));
      auto reader = Reader::open_file(directory / "cut");
      if (!reader) continue;
      const auto reading = read_all(**reader);
      EXPECT_FALSE(reading.failed);
      most = std::max(most, reading.frames.size());
    }
    EXPECT_GE(most, 6u) << name;
    EXPECT_LE(most, 8u) << name;
  }
}

TEST(Reader, AbsurdDimensionsAreRefused) {
  TempDir directory;
  write_one(directory / "a.mkv", "matroska", {1, 2, 3, 4}, 60000, 60000);
  const auto absurd = Reader::open_file(directory / "a.mkv");
  ASSERT_FALSE(absurd.ok());
  EXPECT_EQ(absurd.error().code, ErrorCode::unsupported);
}

TEST(Reader, AnAbsurdPictureInsideIsDamageAndNotBelieved) {
  TempDir directory;
  write_jpegs(directory / "a.mkv", 3);
  auto bytes = read_file(directory / "a.mkv");
  const auto second = jpeg_of(ramps(64, 48, 1));
  const auto at = bytes.find("\xFF\xC0", bytes.find(std::string(second.begin(), second.end())));
  bytes.replace(at + 5, 4, "\xFF\xDC\xFF\xDC");  // 65500 x 65500
  write_file(directory / "b.mkv", bytes);
  const auto reading = read_all(**Reader::open_file(directory / "b.mkv"));
  EXPECT_EQ(reading.frames.size(), 2u);
  EXPECT_EQ(reading.damaged, 1);
}

TEST(Reader, ARealClipIsReadWhole) {
  const std::filesystem::path clip = PISTE_SOURCE_DIR "/../shared/data/clips/clip_a.mp4";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << "the shared clip is not here";
  auto reader = Reader::open_file(clip).value();
  EXPECT_EQ(reader->info().width, 1280);
  EXPECT_EQ(reader->info().height, 720);
  EXPECT_NEAR(reader->info().fps, 30, .01);
  const auto reading = read_all(*reader);
  ASSERT_EQ(reading.frames.size(), 63u);
  EXPECT_NEAR(reading.frames[62].time, 62 / 30., .001);
}

TEST(Camera, AnAbsentDeviceIsAnError) {
  for (const char* device : {"77", "/dev/no-such-camera", ""}) {
    const auto camera = Reader::open_camera(device, {});
    ASSERT_FALSE(camera.ok());
    EXPECT_EQ(camera.error().code, ErrorCode::io);
  }
}

TEST(Reader, JpegsAreTurnedAsExifSays) {
  TempDir directory;
  const auto shown = ramps(96, 64);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto stored = stored_for(shown, orientation);
    const auto jpeg = with_exif(jpeg_of(stored), orientation, orientation % 2 == 0);
    for (const char* format : {"avi", "matroska", "mov"}) {
      const auto path = directory / "turned.video";
      write_one(path, format, jpeg, stored.width, stored.height);
      auto reader = Reader::open_file(path).value();
      EXPECT_EQ(std::pair(reader->info().width, reader->info().height), std::pair(96, 64)) << orientation;
      EXPECT_TRUE(reader->info().jpeg);
      const auto reading = read_all(*reader);
      ASSERT_EQ(reading.frames.size(), 1u);
      EXPECT_LT(difference(reading.frames[0].image, shown), 4) << orientation << format;
      const auto again = Reader::open_file(path).value()->next_encoded();
      ASSERT_TRUE(again.ok() && *again);
      EXPECT_EQ(*(*again)->bytes, jpeg);
      EXPECT_EQ(std::pair((*again)->width, (*again)->height), std::pair(96, 64));
    }
  }
}

TEST(Reader, JpegsWithoutEndMarkerComeThroughBothWays) {
  TempDir directory;
  auto jpeg = jpeg_of(ramps(64, 48));
  jpeg.resize(jpeg.size() - 2);
  write_one(directory / "a.avi", "avi", jpeg, 64, 48);
  auto reader = Reader::open_file(directory / "a.avi").value();
  EXPECT_TRUE(reader->info().jpeg);
  EXPECT_EQ(read_all(*reader).frames.size(), 1u);
  EXPECT_TRUE(Reader::open_file(directory / "a.avi").value()->next_encoded().value().has_value());
}

TEST(Reader, ARecordingThatWasNotFinishedIsCalledSo) {
  TempDir directory;
  write_h264(directory / "a.mp4", 50);
  // Its index is in front: a camera's is at the end. Without it, or cut within the pictures, it is lost.
  const auto whole = read_file(directory / "a.mp4");
  const auto index = whole.find("moov") - 4, pictures = whole.find("mdat") - 4;
  const auto unfinished = whole.substr(0, index) + whole.substr(pictures);
  for (const auto& bytes : {unfinished, unfinished.substr(0, unfinished.size() / 2)}) {
    write_file(directory / "b.mp4", bytes);
    const auto reader = Reader::open_file(directory / "b.mp4");
    ASSERT_FALSE(reader.ok());
    EXPECT_EQ(reader.error().code, ErrorCode::unreadable);
    EXPECT_NE(reader.error().message.find("the recording was not finished"), std::string::npos)
        << reader.error().message;
  }
  write_file(directory / "c.mp4", "");
  EXPECT_NE(Reader::open_file(directory / "c.mp4").error().message.find("empty"), std::string::npos);
  write_file(directory / "d.mp4", "not a video at all, only words");
  EXPECT_EQ(Reader::open_file(directory / "d.mp4").error().message.find("not finished"), std::string::npos);
}

TEST(Reader, AFileWithoutTimesSaysSo) {
  TempDir directory;
  write_jpegs(directory / "a.mkv", 5);
  EXPECT_TRUE(Reader::open_file(directory / "a.mkv").value()->info().has_times);
  std::string raw;
  for (int i = 0; i < 5; ++i) {
    const auto jpeg = jpeg_of(ramps(64, 48, i));
    raw.append(jpeg.begin(), jpeg.end());
  }
  write_file(directory / "a.mjpeg", raw);
  EXPECT_FALSE(Reader::open_file(directory / "a.mjpeg").value()->info().has_times);
}

}  // namespace
}  // namespace piste::video
