#include "recording/frame_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "recording/frame_log_format.h"
#include "support/file_size_limit.h"
#include "support/temp_dir.h"

namespace piste::recording {
namespace {

namespace fs = std::filesystem;

constexpr Description small{4, 2, 25};

// A log in a folder of its own, with verbs to add frames and to damage the file.
class FrameLogTest : public testing::Test {
 protected:
  FrameLogTest() { log_ = std::move(FrameLog::create(path(), small)).value(); }

  fs::path path() const { return folder_ / "frames.log"; }

  static types::EncodedFrame frame(std::int64_t number, std::size_t size,
                                   std::optional<double> timestamp = {}) {
    std::mt19937 random(static_cast<unsigned>(number) + 1);
    types::Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return {number, timestamp, types::Encoding::jpeg, 4, 2, std::make_shared<types::Bytes>(std::move(bytes))};
  }
  void add(std::int64_t number, std::size_t size = 100) {
    ASSERT_TRUE(log_->append(frame(number, size)).ok());
  }

  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> found;
    for (const Entry& entry : log_->entries()) found.push_back(entry.number);
    return found;
  }
  bool reopen() {
    log_.reset();
    auto opened = FrameLog::open(path());
    if (!opened) return false;
    log_ = std::move(*opened);
    return true;
  }
  void flip(std::uint64_t offset) {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }

  const test::TempDir folder_;
  std::unique_ptr<FrameLog> log_;
};

using Numbers = std::vector<std::int64_t>;

TEST_F(FrameLogTest, KnowsWhichFramesNeedThoseBeforeThem) {
  auto key = frame(0, 50);
  auto other = frame(1, 20, 5.5);
  key.encoding = other.encoding = types::Encoding::h264;
  other.key = false;
  ASSERT_TRUE(log_->append(key).ok());
  ASSERT_TRUE(log_->append(other).ok());
  ASSERT_TRUE(reopen());
  EXPECT_EQ(log_->entry(0).encoding, types::Encoding::h264);
  EXPECT_TRUE(log_->entry(0).key);
  EXPECT_FALSE(log_->entry(1).key);
  EXPECT_EQ(log_->entry(1).timestamp, 5.5);
  EXPECT_FALSE(log_->read(1)->key);
}

TEST_F(FrameLogTest, GivesBackWhatWasAppended) {
  const auto first = frame(0, 1000, 1699276800.123);
  auto second = frame(7, 24);
  second.encoding = types::Encoding::raw;
  ASSERT_TRUE(log_->append(first).ok());
  ASSERT_TRUE(log_->append(second).ok());

  ASSERT_EQ(log_->size(), 2u);
  const auto back = log_->read(0);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->number, 0);
  EXPECT_EQ(back->timestamp, 1699276800.123);
  EXPECT_EQ(back->encoding, types::Encoding::jpeg);
  EXPECT_EQ(back->width, 4);
  EXPECT_EQ(back->height, 2);
  EXPECT_EQ(*back->bytes, *first.bytes);
  const auto other = log_->read(1);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->number, 7);
  EXPECT_FALSE(other->timestamp);
  EXPECT_EQ(other->encoding, types::Encoding::raw);
  EXPECT_EQ(*other->bytes, *second.bytes);
  EXPECT_EQ(log_->bytes(), fs::file_size(path()));
}

TEST_F(FrameLogTest, ReopensAndGoesOn) {
  for (int i = 0; i < 5; ++i) add(i, 10'000);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(log_->description().width, 4);
  EXPECT_EQ(log_->description().height, 2);
  EXPECT_EQ(log_->description().fps, 25);
  add(5);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(*log_->read(5)->bytes, *frame(5, 100).bytes);
}

TEST_F(FrameLogTest, ReadsAFrameLargerThanThePieceItIsSummedIn) {
  add(0, 5 << 20);
  add(1);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 1}));
}

TEST_F(FrameLogTest, DoesNotReplaceAnExistingFile) {
  add(0);
  const auto second = FrameLog::create(path(), small);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::io);
  EXPECT_EQ(second.error().message.find(folder_.path().string()), std::string::npos)
      << "a path in an error text";
  EXPECT_TRUE(log_->read(0).ok());
}

TEST_F(FrameLogTest, WhatIsNoFrameLogIsRefused) {
  const fs::path other = folder_ / "other";
  EXPECT_EQ(FrameLog::open(other).error().code, ErrorCode::io);
  std::ofstream(other) << "RIFF, not ours, but long enough for a header of forty bytes";
  EXPECT_EQ(FrameLog::open(other).error().code, ErrorCode::corrupt);
  std::ofstream(other, std::ios::trunc) << "PISTEFL1";
  EXPECT_EQ(FrameLog::open(other).error().code, ErrorCode::corrupt);
}

TEST_F(FrameLogTest, ReadSeesAFlippedByte) {
  add(0);
  flip(log_->entry(0).offset + 50);
  const auto back = log_->read(0);
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code, ErrorCode::corrupt);
}

TEST_F(FrameLogTest, ReadSeesAShortenedFile) {
  add(0);
  fs::resize_file(path(), log_->bytes() - 1);
  EXPECT_EQ(log_->read(0).error().code, ErrorCode::corrupt);
}

TEST_F(FrameLogTest, CutAtAnyByteOfTheLastRecordOpensWithTheOthers) {
  for (int i = 0; i < 3; ++i) add(i);
  const std::uint64_t whole = log_->bytes();
  const std::uint64_t last = whole - format::record_header_size - 100;
  std::vector<char> content(whole);
  std::ifstream(path(), std::ios::binary).read(content.data(), static_cast<std::streamsize>(whole));
  for (std::uint64_t cut = last; cut < whole; ++cut) {
    std::ofstream(path(), std::ios::binary | std::ios::trunc)
        .write(content.data(), static_cast<std::streamsize>(cut));
    ASSERT_TRUE(reopen()) << cut;
    EXPECT_EQ(numbers(), (Numbers{0, 1})) << cut;
    EXPECT_EQ(fs::file_size(path()), last) << "the torn record is cut off";
    add(9);
    ASSERT_TRUE(reopen());
    EXPECT_EQ(numbers(), (Numbers{0, 1, 9})) << cut;
    EXPECT_EQ(*log_->read(1)->bytes, *frame(1, 100).bytes);
  }
}

TEST_F(FrameLogTest, AFlippedByteAnywhereInTheLastRecordCutsItOff) {
  for (int i = 0; i < 2; ++i) add(i);
  const std::uint64_t last = log_->entry(1).offset - format::record_header_size;
  const std::uint64_t whole = log_->bytes();
  for (std::uint64_t at = last; at < whole; ++at) {
    flip(at);
    ASSERT_TRUE(reopen());
    EXPECT_EQ(numbers(), Numbers{0}) << at;
    EXPECT_EQ(fs::file_size(path()), last) << at;
    add(1);
  }
}

TEST_F(FrameLogTest, DamagedBytesInTheMiddleCostOneFrame) {
  for (int i = 0; i < 4; ++i) add(i);
  flip(log_->entry(1).offset + 3);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 2, 3}));
  EXPECT_EQ(*log_->read(1)->bytes, *frame(2, 100).bytes);
}

TEST_F(FrameLogTest, ADamagedHeaderInTheMiddleEndsTheLogThere) {
  for (int i = 0; i < 4; ++i) add(i);
  flip(log_->entry(2).offset - 20);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 1}));
}

TEST_F(FrameLogTest, ASizeFromTheFileCostsNoMemory) {
  add(0);
  Entry lie{1, {}, types::Encoding::jpeg, 0, 0xFFFFFFFF, 0};
  const auto header = format::encode(lie);
  std::ofstream(path(), std::ios::binary | std::ios::app)
      .write(reinterpret_cast<const char*>(header.data()), static_cast<std::streamsize>(header.size()));
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), Numbers{0});
}

// A limit on the file's size makes the write fail halfway, as a full disk does.
TEST_F(FrameLogTest, AFullDiskLeavesTheLogAsItWas) {
  add(0);
  const std::uint64_t before = log_->bytes();
  const auto refused = [&] {
    const test::FileSizeLimit limit(before + 1000);
    return log_->append(frame(1, 5000));
  }();

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::full);
  EXPECT_EQ(log_->size(), 1u);
  EXPECT_EQ(log_->bytes(), before);
  EXPECT_EQ(fs::file_size(path()), before) << "the half-written record is taken back";
  add(2, 5000);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 2}));
}

TEST_F(FrameLogTest, IsReadWhileItGrows) {
  constexpr int count = 2000;
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  std::atomic<std::int64_t> wrong{0};
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&, r] {
      std::mt19937 random(static_cast<unsigned>(r));
      while (!done) {
        const std::size_t size = log_->size();
        if (size == 0) continue;
        const std::size_t index = random() % size;
        const auto back = log_->read(index);
        if (!back.ok() || back->number != static_cast<std::int64_t>(index)) ++wrong;
        if (log_->entries().size() < size ||
            log_->entry(size - 1).number + 1 != static_cast<std::int64_t>(size)) {
          ++wrong;
        }
      }
    });
  }
  for (int i = 0; i < count; ++i) add(i, 300);
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(log_->size(), std::size_t{count});
}

}  // namespace
}  // namespace piste::recording
