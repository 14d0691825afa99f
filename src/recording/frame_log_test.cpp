#include "recording/frame_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "recording/crc32c.h"
#include "recording/frame_log_format.h"
#include "support/file_size_limit.h"
#include "support/forwarding_disk.h"
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

TEST_F(FrameLogTest, ADamagedHeaderInTheMiddleCostsOneFrame) {
  for (int i = 0; i < 4; ++i) add(i, i == 2 ? 3 << 20 : 100);
  const std::uint64_t header = log_->entry(2).offset - format::record_header_size;
  for (std::uint64_t at = header; at < header + format::record_header_size; ++at) {
    flip(at);
    ASSERT_TRUE(reopen());
    EXPECT_EQ(numbers(), (Numbers{0, 1, 3})) << at - header;
    EXPECT_EQ(*log_->read(2)->bytes, *frame(3, 100).bytes);
    flip(at);
  }
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 1, 2, 3})) << "reading cuts nothing off that may be read again";
}

TEST_F(FrameLogTest, ADamagedHeaderDoesNotLetInWhatAFrameOfTheSenderHolds) {
  add(0);
  // The bytes of frame 1 are a record themselves, as far as a sender can make one.
  types::Bytes inner(60, 7);
  const Entry forged{77, {}, types::Encoding::jpeg, 0, 60, crc32c(inner)};
  for (const std::uint32_t seal : {0u, 1u, 0xFFFFFFFFu}) {
    const auto header = format::encode(forged, seal);
    types::Bytes bytes(header.begin(), header.end());
    bytes.insert(bytes.end(), inner.begin(), inner.end());
    auto outer = frame(1, 1);
    outer.number = 1 + static_cast<std::int64_t>(seal % 7);
    outer.bytes = std::make_shared<types::Bytes>(std::move(bytes));
    ASSERT_TRUE(log_->append(outer).ok());
    flip(log_->entry(log_->size() - 1).offset - 10);
  }
  add(9);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 9}));
}

TEST_F(FrameLogTest, ADamagedFileHeaderCostsNothing) {
  add(0);
  for (std::uint64_t at = 0; at < 2 * format::file_header_size; ++at) {
    flip(at);
    ASSERT_TRUE(reopen()) << at;
    EXPECT_EQ(numbers(), Numbers{0}) << at;
    EXPECT_EQ(log_->description().width, 4) << at;
    flip(at);
  }
}

// As version 0.1 wrote them: one header, checksums without a seal.
TEST_F(FrameLogTest, ReadsLogsOfTheFirstVersion) {
  log_.reset();
  const auto put = [&](std::ofstream& out, const auto& bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  format::FileHeader header = format::encode(small, 0);
  header[8] = 1;
  const std::uint32_t sum = crc32c(std::span(header).first(36));
  for (std::size_t i = 0; i < 4; ++i) header[36 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  {
    std::ofstream old(path(), std::ios::binary | std::ios::trunc);
    put(old, header);
    for (int i = 0; i < 4; ++i) {
      const auto bytes = *frame(i, 100).bytes;
      put(old, format::encode(Entry{i, 1.5, types::Encoding::jpeg, 0, 100, crc32c(bytes)}, 0));
      put(old, bytes);
    }
  }
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 1, 2, 3}));
  add(4);
  flip(log_->entry(1).offset - 20);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (Numbers{0, 2, 3, 4}));
  EXPECT_EQ(*log_->read(3)->bytes, *frame(4, 100).bytes);
}

// The system forgets what it could not write: a later success says nothing of it.
TEST_F(FrameLogTest, ASyncThatFailedIsRemembered) {
  class Failing : public test::ForwardingDisk {
   public:
    int sync(int file) override {
      if (std::exchange(fails, false)) return errno = EIO, -1;
      return ForwardingDisk::sync(file);
    }
    bool fails = false;
  } disk;
  log_ = FrameLog::open(path(), Durable::no, disk).value();
  add(0);
  EXPECT_TRUE(log_->sync().ok());
  disk.fails = true;
  EXPECT_EQ(log_->sync().error().code, ErrorCode::sync);
  EXPECT_EQ(log_->sync().error().code, ErrorCode::sync) << "the second one would succeed";
  EXPECT_EQ(log_->append(frame(1, 10)).error().code, ErrorCode::sync);
  EXPECT_EQ(log_->size(), 1u);
  EXPECT_TRUE(log_->read(0).ok());
}

// Of a write that a signal has cut short the rest is written.
TEST_F(FrameLogTest, ASignalInMidWriteCostsNothing) {
  class Interrupted : public test::ForwardingDisk {
   public:
    ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) override {
      if (++calls % 2 == 1) return errno = EINTR, -1;
      const iovec little{parts.front().iov_base, std::min<std::size_t>(7, parts.front().iov_len)};
      return ForwardingDisk::write(file, {&little, 1}, offset);
    }
    int calls = 0;
  } disk;
  log_ = FrameLog::open(path(), Durable::no, disk).value();
  add(0, 100);
  EXPECT_GT(disk.calls, 20);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(*log_->read(0)->bytes, *frame(0, 100).bytes);
}

TEST_F(FrameLogTest, ASizeFromTheFileCostsNoMemory) {
  add(0);
  Entry lie{1, {}, types::Encoding::jpeg, 0, 0xFFFFFFFF, 0};
  const auto header = format::encode(lie, 0);
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

TEST_F(FrameLogTest, EachFrameIsOnTheDiskWhereThatIsAskedFor) {
  class CountingDisk : public test::ForwardingDisk {
   public:
    int sync(int file) override {
      ++syncs;
      return ForwardingDisk::sync(file);
    }
    int syncs = 0;
  };
  for (const auto durable : {Durable::yes, Durable::no}) {
    CountingDisk disk;
    log_.reset();
    fs::remove(path());
    log_ = std::move(FrameLog::create(path(), small, durable, disk)).value();
    const int before = disk.syncs;
    for (int i = 0; i < 5; ++i) add(i);
    EXPECT_EQ(disk.syncs - before, durable == Durable::yes ? 5 : 0);
  }
}

TEST_F(FrameLogTest, ANumberThatIsThereTwiceCountsOnce) {
  for (const int number : {0, 1, 0, 2}) add(number);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(numbers(), (std::vector<std::int64_t>{0, 1, 2}));
}

}  // namespace
}  // namespace piste::recording
