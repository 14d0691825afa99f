// The video of a phrase that was streamed, made of its frame log.
#include "pipeline/footage.h"

#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/moments.h"
#include "support/temp_dir.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

namespace fs = std::filesystem;
using recording::FrameLog;
using types::Encoding;

constexpr int width = 64;
constexpr int height = 48;
constexpr double fps = 30;

class FootageTest : public testing::Test {
 protected:
  void append(std::int64_t number, Encoding encoding) {
    const types::Image image{
        width, height, types::Bytes(std::size_t{width} * height * 3, static_cast<std::uint8_t>(number))};
    auto bytes =
        encoding == Encoding::png ? video::encode_png(image).value() : video::encode_jpeg(image, 90).value();
    ASSERT_TRUE(log_->append({number, std::nullopt, encoding, width, height,
                              std::make_shared<const types::Bytes>(std::move(bytes))})
                    .ok());
  }
  // One byte of the frame's is another on the disk from now on.
  void damage(std::size_t index) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    const auto place = static_cast<std::streamoff>(log_->entry(index).offset + 20);
    file.seekg(place);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(place);
    file.put(byte);
  }
  Result<KeptVideo> keep() {
    const Moments moments(*log_, {.fps = fps});
    return StreamedFootage(*log_, moments, nullptr).keep_video(folder_.path(), [](double) {});
  }
  std::vector<types::EncodedFrame> frames_of(const std::string& name) const {
    std::vector<types::EncodedFrame> frames;
    const auto reader = video::Reader::open_file(folder_ / name).value();
    for (;;) {
      auto frame = reader->next_encoded();
      if (!frame || !*frame) return frames;
      frames.push_back(std::move(**frame));
    }
  }

  const test::TempDir folder_;
  const fs::path path_ = folder_ / "frames.log";
  std::unique_ptr<FrameLog> log_ = FrameLog::create(path_, {width, height, fps}).value();
};

// It would have a track of PNGs, into which no JPEG fits.
TEST_F(FootageTest, TheFirstSoundFrameDecidesTheEncoding) {
  append(0, Encoding::png);
  for (int number = 1; number < 4; ++number) append(number, Encoding::jpeg);
  damage(0);
  const auto kept = keep();
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept->damaged, "0");
  const auto frames = frames_of(kept->name);
  ASSERT_EQ(frames.size(), 3u);
  for (std::size_t i = 0; i < frames.size(); ++i)
    EXPECT_EQ(*frames[i].bytes, *log_->read(i + 1)->bytes) << "bit for bit";
}

TEST_F(FootageTest, WhereNoFrameIsSoundThereIsNoVideo) {
  append(0, Encoding::jpeg);
  damage(0);
  const auto kept = keep();
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, ErrorCode::video);
}

}  // namespace
}  // namespace piste::pipeline
