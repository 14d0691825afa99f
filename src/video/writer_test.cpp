#include "video/writer.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "video/ffmpeg.h"
#include "video/reader.h"
#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

// All packets of a file as another program would find them.
std::vector<Bytes> packets_of(const std::filesystem::path& path) {
  AVFormatContext* context = nullptr;
  if (avformat_open_input(&context, path.c_str(), nullptr, nullptr) < 0) return {};
  std::vector<Bytes> packets;
  const PacketPtr packet(av_packet_alloc());
  while (av_read_frame(context, packet.get()) >= 0) {
    packets.emplace_back(packet->data, packet->data + packet->size);
    av_packet_unref(packet.get());
  }
  avformat_close_input(&context);
  return packets;
}

std::vector<types::Frame> frames_of(const std::filesystem::path& path) {
  auto reader = Reader::open_file(path);
  EXPECT_TRUE(reader.ok()) << (reader ? "" : reader.error().message);
  std::vector<types::Frame> frames;
  while (reader) {
    auto frame = (*reader)->next();
    EXPECT_TRUE(frame.ok());
    if (!frame || !*frame) break;
    frames.push_back(std::move(**frame));
  }
  return frames;
}

std::unique_ptr<RebuiltVideoWriter> rebuild(const std::filesystem::path& path, Encoding encoding, int width,
                                            int height) {
  auto writer = RebuiltVideoWriter::create(path, encoding, width, height, 30);
  EXPECT_TRUE(writer.ok());
  return std::move(*writer);
}

Bytes compressed(const Bytes& pixels, int width, int height, int format, int subsampling, int flags) {
  const tjhandle handle = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, pixels.data(), width, 0, height, format, &out, &size, subsampling, 90, flags);
  Bytes bytes(out, out + size);
  tjFree(out);
  tjDestroy(handle);
  return bytes;
}

Bytes without_huffman_tables(Bytes jpeg) {
  for (std::size_t at = 2; at + 4 < jpeg.size() && jpeg[at + 1] != 0xDA;) {
    const auto length = 2u + (std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3]);
    const auto begin = jpeg.begin() + static_cast<std::ptrdiff_t>(at);
    if (jpeg[at + 1] == 0xC4) {
      jpeg.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
    } else {
      at += length;
    }
  }
  return jpeg;
}

TEST(RebuiltVideo, AllKindsOfJpegAreInItBitForBit) {
  const auto image = ramps(64, 48);
  Bytes cmyk(64 * 48 * 4, 200);
  std::vector<Bytes> jpegs{
      jpeg_of(image),
      compressed(image.bgr, 64, 48, TJPF_BGR, TJSAMP_GRAY, 0),
      compressed(image.bgr, 64, 48, TJPF_BGR, TJSAMP_444, TJFLAG_PROGRESSIVE),
      compressed(cmyk, 64, 48, TJPF_CMYK, TJSAMP_444, 0),
      without_huffman_tables(jpeg_of(image)),
  };
  jpegs.push_back(jpegs[0]);
  jpegs.back().resize(jpegs.back().size() + 100);  // a camera's padding
  TempDir directory;
  auto writer = rebuild(directory / "a.mkv", Encoding::jpeg, 64, 48);
  for (std::size_t i = 0; i < jpegs.size(); ++i) {
    ASSERT_TRUE(writer->write(frame_of(jpegs[i], Encoding::jpeg, 64, 48), static_cast<double>(i) / 30).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(packets_of(directory / "a.mkv"), jpegs);

  auto reader = Reader::open_file(directory / "a.mkv");
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE((*reader)->info().jpeg);
  for (const auto& jpeg : jpegs) {
    const auto frame = (*reader)->next_encoded();
    ASSERT_TRUE(frame.ok() && *frame);
    EXPECT_EQ(*(*frame)->bytes, jpeg);
  }
}

TEST(RebuiltVideo, PngIsInItBitForBitAndReadsBack) {
  TempDir directory;
  const auto png = encode_png(ramps(64, 48)).value();
  auto writer = rebuild(directory / "a.mkv", Encoding::png, 64, 48);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->write(frame_of(png, Encoding::png, 64, 48), i / 30.).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(packets_of(directory / "a.mkv"), std::vector<Bytes>(3, png));
  const auto frames = frames_of(directory / "a.mkv");
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[2].image.bgr, ramps(64, 48).bgr);
}

TEST(RebuiltVideo, RawIsStoredAsPlainBgrWhateverItsHeader) {
  TempDir directory;
  const auto image = ramps(31, 17);  // odd: rows would show any padding
  auto writer = rebuild(directory / "a.mkv", Encoding::raw, 31, 17);
  ASSERT_TRUE(writer->write(frame_of(image.bgr, Encoding::raw, 31, 17), 0).ok());
  ASSERT_TRUE(writer->write(frame_of(with_header(17, 31, 3, image.bgr), Encoding::raw, 31, 17), .1).ok());
  ASSERT_TRUE(
      writer->write(frame_of(with_header(17, 31, 1, Bytes(31 * 17, 99)), Encoding::raw, 31, 17), .2).ok());
  EXPECT_FALSE(writer->write(frame_of({1, 2, 3}, Encoding::raw, 31, 17), .3).ok());
  ASSERT_TRUE(writer->finish().ok());
  const auto frames = frames_of(directory / "a.mkv");
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].image.bgr, image.bgr);
  EXPECT_EQ(frames[1].image.bgr, image.bgr);
  EXPECT_EQ(frames[2].image.bgr, plain(31, 17, 99, 99, 99).bgr);
}

TEST(RebuiltVideo, OtherEncodingsBecomeTheFirstOne) {
  TempDir directory;
  const auto image = ramps(64, 48);
  const auto frames = {frame_of(*encode_png(image), Encoding::png, 64, 48),
                       frame_of(image.bgr, Encoding::raw, 64, 48),
                       frame_of(jpeg_of(image), Encoding::jpeg, 64, 48)};
  for (const auto encoding : {Encoding::png, Encoding::raw, Encoding::jpeg}) {
    auto writer = rebuild(directory / "a.mkv", encoding, 64, 48);
    double time = 0;
    for (const auto& frame : frames) ASSERT_TRUE(writer->write(frame, time += .1).ok());
    ASSERT_TRUE(writer->finish().ok());
    const auto back = frames_of(directory / "a.mkv");
    ASSERT_EQ(back.size(), 3u);
    const double lossy = encoding == Encoding::jpeg ? 4 : 0;
    EXPECT_LE(difference(back[0].image, image), lossy);
    EXPECT_LE(difference(back[1].image, image), lossy);
    EXPECT_LE(difference(back[2].image, image), 4);
  }
}

TEST(RebuiltVideo, PngThatWasCalledJpegIsPng) {
  TempDir directory;
  const auto png = encode_png(ramps(64, 48)).value();
  auto writer = rebuild(directory / "a.mkv", Encoding::png, 64, 48);
  ASSERT_TRUE(writer->write(frame_of(png, Encoding::jpeg, 64, 48), 0).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(packets_of(directory / "a.mkv"), std::vector<Bytes>{png});
}

TEST(RebuiltVideo, TimesAndGapsAreKeptToTheMillisecond) {
  TempDir directory;
  const std::vector<double> times{0, .0334, .0667, .4171, 2.25, 65.5, 65.5333};
  auto writer = rebuild(directory / "a.mkv", Encoding::jpeg, 64, 48);
  for (const double time : times) {
    ASSERT_TRUE(writer->write(frame_of(jpeg_of(ramps(64, 48)), Encoding::jpeg, 64, 48), time).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  const auto frames = frames_of(directory / "a.mkv");
  ASSERT_EQ(frames.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(frames[i].time, times[i], .00051);
    EXPECT_EQ(frames[i].number, static_cast<std::int64_t>(i));
  }
}

TEST(RebuiltVideo, TimesOutOfRangeAreRefused) {
  TempDir directory;
  auto writer = rebuild(directory / "a.mkv", Encoding::jpeg, 64, 48);
  const auto frame = frame_of(jpeg_of(ramps(64, 48)), Encoding::jpeg, 64, 48);
  for (const double time : {-.1, 1e300, std::nan("")}) EXPECT_FALSE(writer->write(frame, time).ok());
}

TEST(RebuiltVideo, ADroppedWriterLeavesNothing) {
  TempDir directory;
  {
    auto writer = rebuild(directory / "a.mkv", Encoding::jpeg, 64, 48);
    ASSERT_TRUE(writer->write(frame_of(jpeg_of(ramps(64, 48)), Encoding::jpeg, 64, 48), 0).ok());
    EXPECT_FALSE(std::filesystem::exists(directory / "a.mkv"));
    EXPECT_EQ(directory.count(), 1);
  }
  EXPECT_EQ(directory.count(), 0);
}

TEST(RebuiltVideo, AFullDiskIsAnErrorAndLeavesNothing) {
  TempDir directory;
  const auto frame = frame_of(ramps(320, 240).bgr, Encoding::raw, 320, 240);
  {
    const FileSizeLimit limit(1 << 20);
    auto writer = rebuild(directory / "a.mkv", Encoding::raw, 320, 240);
    bool failed = false;
    for (int i = 0; i < 100 && !failed; ++i) failed = !writer->write(frame, i / 30.).ok();
    failed = failed || !writer->finish().ok();
    EXPECT_TRUE(failed);
  }
  EXPECT_EQ(directory.count(), 0);
}

TEST(RebuiltVideo, WhereNothingCanBeWrittenThereIsNoWriter) {
  TempDir directory;
  const auto writer = RebuiltVideoWriter::create(directory / "no/such/a.mkv", Encoding::jpeg, 64, 48, 30);
  ASSERT_FALSE(writer.ok());
  EXPECT_EQ(writer.error().code, ErrorCode::io);
  EXPECT_EQ(writer.error().message.find("/"), std::string::npos);
  EXPECT_FALSE(RebuiltVideoWriter::create(directory / "a.mkv", Encoding::jpeg, 0, 48, 30).ok());
  EXPECT_FALSE(RebuiltVideoWriter::create(directory / "a.mkv", Encoding::jpeg, 64, 48, 0).ok());
}

TEST(H264, PicturesColoursAndTimesReadBack) {
  TempDir directory;
  const std::vector<double> times{0, .04, .08, .5, .54, 2};
  auto writer = H264Writer::create(directory / "a.mp4", 320, 240, 25, {18, "ultrafast"});
  ASSERT_TRUE(writer.ok());
  for (const double time : times) ASSERT_TRUE((*writer)->write(plain(320, 240, 40, 90, 200), time).ok());
  ASSERT_TRUE((*writer)->finish().ok());
  const auto frames = frames_of(directory / "a.mp4");
  ASSERT_EQ(frames.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(frames[i].time, times[i], .0005);
  EXPECT_LT(difference(frames[3].image, plain(320, 240, 40, 90, 200)), 4);
}

TEST(H264, TheIndexIsInFront) {
  TempDir directory;
  auto writer = H264Writer::create(directory / "a.mp4", 64, 48, 30);
  for (int i = 0; i < 40; ++i) ASSERT_TRUE((*writer)->write(ramps(64, 48, i), i / 30.).ok());
  ASSERT_TRUE((*writer)->finish().ok());
  const auto bytes = read_file(directory / "a.mp4");
  ASSERT_NE(bytes.find("moov"), std::string::npos);
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
  EXPECT_EQ(directory.count(), 1);
}

TEST(H264, OddSizesLoseTheirLastRowAndColumn) {
  TempDir directory;
  auto writer = H264Writer::create(directory / "a.mp4", 65, 49, 30);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->write(ramps(65, 49), 0).ok());
  ASSERT_TRUE((*writer)->finish().ok());
  const auto frames = frames_of(directory / "a.mp4");
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].image.width, 64);
  EXPECT_EQ(frames[0].image.height, 48);
}

TEST(H264, RunsThatWereMadeApartBecomeOneVideo) {
  TempDir directory;
  const auto run_of = [](int first, std::uint8_t shade) {
    auto run = H264Run::create(128, 96, 30, {18, "ultrafast"}).value();
    for (int i = first; i < first + 3; ++i)
      EXPECT_TRUE(run->write(plain(128, 96, shade, 90, 200), i / 30.).ok());
    EXPECT_TRUE(run->finish().ok());
    return run;
  };
  const auto later = run_of(3, 180);
  const auto earlier = run_of(0, 40);
  auto file = H264File::create(directory / "a.mp4").value();
  ASSERT_TRUE(file->append(*earlier).ok());
  ASSERT_TRUE(file->append(*later).ok());
  ASSERT_TRUE(file->finish().ok());
  const auto frames = frames_of(directory / "a.mp4");
  ASSERT_EQ(frames.size(), 6u);
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(frames[i].time, i / 30., .0005);
  EXPECT_LT(difference(frames[2].image, plain(128, 96, 40, 90, 200)), 4);
  EXPECT_LT(difference(frames[3].image, plain(128, 96, 180, 90, 200)), 4);
}

TEST(H264, RunsWithoutPicturesAndDroppedFilesLeaveNothing) {
  TempDir directory;
  EXPECT_FALSE(H264Run::create(64, 48, 30).value()->finish().ok());
  EXPECT_FALSE(H264File::create(directory / "a.mp4").value()->finish().ok());
  EXPECT_FALSE(H264File::create(directory / "no/such/a.mp4").ok());
  EXPECT_EQ(directory.count(), 0);
}

TEST(H264, WrongPicturesNoPicturesAndDroppedWritersLeaveNothing) {
  TempDir directory;
  {
    auto writer = H264Writer::create(directory / "a.mp4", 64, 48, 30);
    EXPECT_EQ((*writer)->write(ramps(48, 64), 0).error().code, ErrorCode::size_mismatch);
    EXPECT_FALSE((*writer)->write(ramps(64, 48), NAN).ok());
    EXPECT_FALSE((*writer)->finish().ok());
    auto dropped = H264Writer::create(directory / "b.mp4", 64, 48, 30);
    ASSERT_TRUE((*dropped)->write(ramps(64, 48), 0).ok());
  }
  EXPECT_EQ(directory.count(), 0);
  EXPECT_FALSE(H264Writer::create(directory / "no/such/a.mp4", 64, 48, 30).ok());
  EXPECT_FALSE(H264Writer::create(directory / "a.mp4", 64, 48, 30, {23, "no such preset"}).ok());
  EXPECT_FALSE(H264Writer::create(directory / "a.mp4", 1, 1, 30).ok());
  EXPECT_EQ(directory.count(), 0);
}

}  // namespace
}  // namespace piste::video
