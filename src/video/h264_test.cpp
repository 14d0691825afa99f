// H.264 as it is streamed: one access unit a picture, each checked at the door, decoded in a run from a key
// unit on.
#include <gtest/gtest.h>

#include "video/codec.h"
#include "video/ffmpeg.h"
#include "video/frame_decoder.h"
#include "video/reader.h"
#include "video/test_pictures.h"
#include "video/unit_encoder.h"
#include "video/writer.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

constexpr int width = 160;
constexpr int height = 96;
constexpr double fps = 10;  // so a key unit is due after ten pictures

types::Image moving(int step) {
  types::Image image = ramps(width, height);
  for (int y = 30; y < 60; ++y) {
    for (int x = 5 * step; x < 5 * step + 30; ++x) {
      const auto at = static_cast<std::size_t>(3 * (y * width + x % width));
      image.bgr[at] = image.bgr[at + 1] = static_cast<std::uint8_t>(5 * (x + y));
      image.bgr[at + 2] = 250;
    }
  }
  return image;
}

types::EncodedFrame frame_with(std::int64_t number, Bytes bytes, bool key) {
  auto frame = frame_of(std::move(bytes), Encoding::h264, width, height);
  frame.number = number;
  frame.key = key;
  return frame;
}

// The pictures moving(0) .. moving(count - 1); key units at 0, 10, 20 ...
std::vector<types::EncodedFrame> units(int count) {
  auto encoder = UnitEncoder::create(width, height, {fps, 1'000'000}).value();
  std::vector<types::EncodedFrame> made;
  for (int i = 0; i < count; ++i) {
    auto unit = encoder->encode(moving(i), i / fps, false).value();
    made.push_back(frame_with(i, std::move(unit.bytes), unit.key));
  }
  return made;
}

// Where a NAL unit's start code of this type is; its header follows three bytes behind.
std::size_t find_nal(const Bytes& unit, unsigned type) {
  for (std::size_t at = 0; at + 3 < unit.size(); ++at) {
    if (unit[at] == 0 && unit[at + 1] == 0 && unit[at + 2] == 1 && (unit[at + 3] & 0x1F) == type) return at;
  }
  ADD_FAILURE() << "no NAL unit of type " << type;
  return 0;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::string refusal(const Bytes& bytes, int w = width, int h = height) {
  const auto result = inspect(Encoding::h264, bytes, w, h);
  return result ? "taken" : result.error().message;
}

// The numbers of the frames that the decoder has a picture of.
std::vector<std::int64_t> decoded(const std::vector<types::EncodedFrame>& frames) {
  FrameDecoder decoder(1);
  std::vector<std::int64_t> numbers;
  for (const auto& frame : frames) {
    const auto image = decoder.decode(frame);
    if (!image) continue;
    EXPECT_LT(difference(*image, moving(static_cast<int>(frame.number))), 6) << frame.number;
    numbers.push_back(frame.number);
  }
  return numbers;
}

std::vector<std::int64_t> range(std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> numbers;
  for (; first < end; ++first) numbers.push_back(first);
  return numbers;
}

// The numbers 0 to 24 without those from first to end.
std::vector<std::int64_t> all_but(std::int64_t first, std::int64_t end) {
  auto numbers = range(0, first);
  for (const auto number : range(end, 25)) numbers.push_back(number);
  return numbers;
}

TEST(Units, EachSecondBeginsWithAKeyUnit) {
  const auto frames = units(25);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].key, i % 10 == 0) << i;
    const auto inspected = inspect(Encoding::h264, *frames[i].bytes, width, height);
    ASSERT_TRUE(inspected.ok()) << inspected.error().message;
    EXPECT_EQ(inspected->key, frames[i].key);
  }
}

TEST(Units, AKeyUnitComesWhenItIsAskedFor) {
  auto encoder = UnitEncoder::create(width, height, {fps, 1'000'000}).value();
  std::vector<bool> keys;
  for (int i = 0; i < 6; ++i) keys.push_back(encoder->encode(moving(i), i / fps, i == 4)->key);
  EXPECT_EQ(keys, (std::vector<bool>{true, false, false, false, true, false}));
}

TEST(Units, OddSizesLoseTheirLastRowAndColumn) {
  auto encoder = UnitEncoder::create(65, 49, {fps, 1'000'000}).value();
  const auto unit = encoder->encode(ramps(65, 49), 0, false);
  ASSERT_TRUE(unit.ok());
  EXPECT_EQ(refusal(unit->bytes, 64, 48), "taken");
}

TEST(Units, TheBitRateIsKept) {
  for (const std::int64_t rate : {200'000, 800'000}) {
    auto encoder = UnitEncoder::create(width, height, {fps, rate}).value();
    std::size_t bytes = 0;
    types::Image noise = ramps(width, height);
    for (int i = 0; i < 100; ++i) {
      for (std::size_t at = 0; at < noise.bgr.size(); ++at)
        noise.bgr[at] =
            static_cast<std::uint8_t>((at * 2654435761u + static_cast<unsigned>(i) * 40503u) >> 13);
      bytes += encoder->encode(noise, i / fps, false)->bytes.size();
    }
    const double seconds = 100 / fps;
    EXPECT_LT(8.0 * static_cast<double>(bytes), 1.2 * static_cast<double>(rate) * seconds);
    EXPECT_GT(8.0 * static_cast<double>(bytes), 0.6 * static_cast<double>(rate) * seconds);
  }
}

TEST(Inspect, H264UnitsThatAreNotTakenSayWhy) {
  const auto frames = units(3);
  const Bytes& key = *frames[0].bytes;
  const Bytes& other = *frames[1].bytes;
  const auto slice = find_nal(other, 1);
  const auto picture = find_nal(key, 5);
  const auto with = [](Bytes bytes, std::size_t at, std::uint8_t value) {
    bytes[at] = value;
    return bytes;
  };
  const Bytes idr_alone(key.begin() + static_cast<std::ptrdiff_t>(picture), key.end());
  const Bytes sets_alone(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(picture));
  const std::vector<std::pair<Bytes, const char*>> cases{
      {{}, "no bytes"},
      {Bytes(other.begin() + 5, other.end()), "start code"},
      {{0, 0, 0, 0}, "start code"},
      {jpeg_of(ramps(width, height)), "start code"},
      {{0, 0, 1}, "no picture"},
      {{0, 0, 1, 9, 16}, "no picture"},
      {{0, 0, 1, 9, 16, 0, 0, 1, 0, 0, 1, 9}, "an empty NAL unit"},
      {sets_alone, "no picture"},
      {idr_alone, "SPS and PPS"},
      {joined(other, *frames[2].bytes), "more than one picture"},
      {joined(key, other), "more than one picture"},
      {with(other, slice + 3, other[slice + 3] | 0x80), "forbidden bit"},
      {with(other, slice + 3, 0x42), "data partitioning"},
      {with(other, slice + 4, other[slice + 4] & 0x7F), "first slice"},
      {with(other, slice + 4, 0x9E), "B frames"},
      {with(other, slice + 4, 0x81), "no known type"},
      {joined(sets_alone, other), "an SPS outside of a key frame"},
      {with(key, find_nal(key, 7) + 4, 255), "damaged"},
  };
  for (const auto& [bytes, why] : cases)
    EXPECT_NE(refusal(bytes).find(why), std::string::npos) << refusal(bytes);
}

TEST(Inspect, AnSpsOfAnotherSizeIsRefusedBeforeDecoding) {
  const auto frames = units(2);
  EXPECT_EQ(refusal(*frames[0].bytes, 2 * width, height),
            "the H.264 picture is 160x96, announced were 320x96");
  EXPECT_EQ(refusal(*frames[1].bytes, 2 * width, height), "taken") << "only key units say it";
}

TEST(FrameDecoder, ARunOfUnitsGivesTheirPictures) {
  EXPECT_EQ(decoded(units(25)), range(0, 25));
}

TEST(FrameDecoder, DecodingCanBeginAtEveryKeyUnit) {
  auto frames = units(25);
  frames.erase(frames.begin(), frames.begin() + 10);
  EXPECT_EQ(decoded(frames), range(10, 25));
  frames.erase(frames.begin(), frames.begin() + 5);
  EXPECT_EQ(decoded(frames), range(20, 25));
}

TEST(FrameDecoder, AMissingUnitCostsThoseUpToTheNextKeyUnit) {
  auto frames = units(25);
  frames.erase(frames.begin() + 13);
  EXPECT_EQ(decoded(frames), all_but(13, 20));
}

TEST(FrameDecoder, ADamagedUnitCostsThoseUpToTheNextKeyUnit) {
  auto frames = units(25);
  Bytes cut = *frames[13].bytes;
  cut.resize(cut.size() / 2);
  frames[13] = frame_with(13, cut, false);
  EXPECT_EQ(decoded(frames), all_but(13, 20));
}

TEST(FrameDecoder, ADamagedKeyUnitCostsItsRun) {
  auto frames = units(25);
  Bytes zeroed = *frames[10].bytes;
  std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(find_nal(zeroed, 5)) + 40, zeroed.end(),
            std::uint8_t{0xA5});
  frames[10] = frame_with(10, zeroed, true);
  EXPECT_EQ(decoded(frames), all_but(10, 20));
}

TEST(FrameDecoder, AUnitThatComesTooLateChangesNothing) {
  auto frames = units(25);
  const auto late = frames[13];
  frames.insert(frames.begin() + 22, late);
  frames.erase(frames.begin() + 13);
  EXPECT_EQ(decoded(frames), all_but(13, 20));
}

TEST(FrameDecoder, SkippedUnitsAreThereForThoseThatFollow) {
  const auto frames = units(10);
  FrameDecoder decoder(1);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_TRUE(decoder.skip(frames[i]).ok());
  const auto image = decoder.decode(frames[7]);
  ASSERT_TRUE(image.ok());
  EXPECT_LT(difference(*image, moving(7)), 6);
}

TEST(FrameDecoder, ReducesAndTakesSinglePicturesToo) {
  FrameDecoder decoder(2);
  const auto half = decoder.decode(units(1)[0]);
  ASSERT_TRUE(half.ok());
  EXPECT_EQ(half->width, width / 2);
  EXPECT_EQ(half->height, height / 2);
  const auto jpeg = decoder.decode(frame_of(jpeg_of(ramps(64, 48)), Encoding::jpeg, 64, 48));
  ASSERT_TRUE(jpeg.ok());
  EXPECT_EQ(jpeg->width, 32);
}

TEST(FrameDecoder, NothingFromNothing) {
  FrameDecoder decoder(1);
  EXPECT_FALSE(decoder.decode(frame_with(0, {}, true)).ok());
  EXPECT_FALSE(decoder.decode(frame_with(1, {1, 2, 3}, true)).ok());
  auto huge = units(1)[0];
  huge.width = huge.height = 1 << 20;
  EXPECT_FALSE(decoder.decode(huge).ok());
  EXPECT_FALSE(decode(units(1)[0]).ok()) << "a unit is decoded with those before it";
}

// The NAL units of a packet, which a container keeps behind their sizes.
Bytes with_start_codes(const Bytes& packet) {
  Bytes unit;
  for (std::size_t at = 0; at + 4 <= packet.size();) {
    const std::size_t size = std::size_t{packet[at]} << 24 | std::size_t{packet[at + 1]} << 16 |
                             std::size_t{packet[at + 2]} << 8 | packet[at + 3];
    if (size > packet.size() - at - 4) return {};
    unit.insert(unit.end(), {0, 0, 1});
    const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(at) + 4;
    unit.insert(unit.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    at += 4 + size;
  }
  return unit;
}

// A unit with all its start codes three bytes long, as with_start_codes() has them.
Bytes with_short_start_codes(const Bytes& unit) {
  Bytes out;
  for (std::size_t at = 0; at < unit.size(); ++at) {
    const bool long_code =
        at + 3 < unit.size() && unit[at] == 0 && unit[at + 1] == 0 && unit[at + 2] == 0 && unit[at + 3] == 1;
    if (!long_code) out.push_back(unit[at]);
  }
  return out;
}

struct Packet {
  Bytes bytes;
  double time = 0;
  bool key = false;
};

std::vector<Packet> packets_of(const std::filesystem::path& path) {
  AVFormatContext* context = nullptr;
  if (avformat_open_input(&context, path.c_str(), nullptr, nullptr) < 0) return {};
  std::vector<Packet> packets;
  const PacketPtr packet(av_packet_alloc());
  while (av_read_frame(context, packet.get()) >= 0) {
    packets.push_back({Bytes(packet->data, packet->data + packet->size),
                       static_cast<double>(packet->pts) * av_q2d(context->streams[0]->time_base),
                       (packet->flags & AV_PKT_FLAG_KEY) != 0});
    av_packet_unref(packet.get());
  }
  avformat_close_input(&context);
  return packets;
}

void expect_units_bit_for_bit(const std::filesystem::path& path) {
  const auto frames = units(25);
  auto writer = RebuiltVideoWriter::create(path, Encoding::h264, width, height, fps).value();
  for (const auto& frame : frames) {
    if (frame.number == 7) continue;  // lost: its time stays empty
    ASSERT_TRUE(writer->write(frame, static_cast<double>(frame.number) / fps).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  const auto packets = packets_of(path);
  ASSERT_EQ(packets.size(), 24u);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto& frame = frames[i < 7 ? i : i + 1];
    EXPECT_EQ(with_start_codes(packets[i].bytes), with_short_start_codes(*frame.bytes)) << frame.number;
    EXPECT_NEAR(packets[i].time, static_cast<double>(frame.number) / fps, 1e-3);
    EXPECT_EQ(packets[i].key, frame.key);
  }
}

TEST(RebuiltVideo, H264UnitsAreInTheMp4BitForBit) {
  const TempDir directory;
  expect_units_bit_for_bit(directory / "a.mp4");
}

TEST(RebuiltVideo, H264UnitsAreInMatroskaBitForBit) {
  const TempDir directory;
  expect_units_bit_for_bit(directory / "a.mkv");
}

TEST(RebuiltVideo, H264ReadsBackAsAVideo) {
  const TempDir directory;
  auto writer = RebuiltVideoWriter::create(directory / "a.mp4", Encoding::h264, width, height, fps).value();
  for (const auto& frame : units(15)) ASSERT_TRUE(writer->write(frame, frame.number / fps).ok());
  ASSERT_TRUE(writer->finish().ok());
  auto reader = Reader::open_file(directory / "a.mp4").value();
  for (int i = 0; i < 15; ++i) {
    const auto frame = reader->next();
    ASSERT_TRUE(frame.ok() && *frame) << i;
    EXPECT_LT(difference((*frame)->image, moving(i)), 6) << i;
  }
}

TEST(RebuiltVideo, H264BeginsWithTheFirstKeyUnit) {
  const TempDir directory;
  auto writer = RebuiltVideoWriter::create(directory / "a.mp4", Encoding::h264, width, height, fps).value();
  const auto frames = units(15);
  for (std::size_t i = 5; i < frames.size(); ++i) ASSERT_TRUE(writer->write(frames[i], i / fps).ok());
  EXPECT_FALSE(writer->write(frame_of(jpeg_of(ramps(width, height)), Encoding::jpeg, width, height), 9).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(packets_of(directory / "a.mp4").size(), 5u);

  auto empty = RebuiltVideoWriter::create(directory / "b.mp4", Encoding::h264, width, height, fps).value();
  ASSERT_TRUE(empty->write(frames[1], 0).ok());
  EXPECT_FALSE(empty->finish().ok());
  empty.reset();
  EXPECT_EQ(directory.count(), 1);
}

}  // namespace
}  // namespace piste::video
