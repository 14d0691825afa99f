#include "recording/frame_log.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "recording/crc32c.h"
#include "recording/file.h"
#include "recording/frame_log_format.h"

namespace piste::recording {
namespace {

using format::record_header_size;

class LogFile : public FrameLog {
 public:
  LogFile(File file, const Description& description, Durable each_frame, std::vector<Entry> entries,
          std::uint64_t end)
      : file_(std::move(file)),
        description_(description),
        each_frame_(each_frame),
        entries_(std::move(entries)),
        end_(end) {}

  const Description& description() const override { return description_; }
  Result<base::Done> append(const types::EncodedFrame& frame) override;
  Result<base::Done> sync() const override { return file_.sync(); }
  std::size_t size() const override {
    const std::scoped_lock lock(mutex_);
    return entries_.size();
  }
  std::uint64_t bytes() const override {
    const std::scoped_lock lock(mutex_);
    return end_;
  }
  std::vector<Entry> entries() const override {
    const std::scoped_lock lock(mutex_);
    return entries_;
  }
  Entry entry(std::size_t index) const override {
    const std::scoped_lock lock(mutex_);
    return entries_[index];
  }
  Result<types::EncodedFrame> read(std::size_t index) const override;

 private:
  const File file_;
  const Description description_;
  const Durable each_frame_;
  mutable std::mutex
      mutex_;  // guards what follows; never held during I/O, so readers do not wait for the disk
  std::vector<Entry> entries_;
  std::uint64_t end_;
};

Result<base::Done> LogFile::append(const types::EncodedFrame& frame) {
  if (frame.bytes->size() > std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::io, "a frame of 4 GiB or more does not fit the frame log"};
  }
  const std::uint64_t start = bytes();
  Entry added{frame.number, frame.timestamp, frame.encoding};
  added.offset = start + record_header_size;
  added.size = static_cast<std::uint32_t>(frame.bytes->size());
  added.crc32c = crc32c(*frame.bytes);
  added.key = frame.key;
  auto written = file_.write(format::encode(added), *frame.bytes, start);
  if (written && each_frame_ == Durable::yes) written = file_.sync();
  if (!written) {
    // Where even this fails, the torn record is written over by the next append, or cut off by open().
    static_cast<void>(file_.truncate(start).ok());
    return written.error();
  }
  const std::scoped_lock lock(mutex_);
  entries_.push_back(added);
  end_ = added.offset + added.size;
  return base::Done{};
}

Result<types::EncodedFrame> LogFile::read(std::size_t index) const {
  const Entry wanted = entry(index);
  auto bytes = std::make_shared<types::Bytes>(wanted.size);
  auto got = file_.read(*bytes, wanted.offset);
  if (!got) return got.error();
  if (*got != wanted.size || crc32c(*bytes) != wanted.crc32c) {
    return Error{ErrorCode::corrupt,
                 "frame " + std::to_string(wanted.number) + " is damaged in the frame log"};
  }
  return types::EncodedFrame{wanted.number,       wanted.timestamp, wanted.encoding, description_.width,
                             description_.height, std::move(bytes), wanted.key};
}

// Sums a record's bytes in pieces, so that reopening costs no memory in proportion to a size in the file.
Result<bool> is_whole(const File& file, const Entry& entry, types::Bytes& piece) {
  std::uint32_t sum = 0;
  for (std::uint64_t done = 0; done < entry.size;) {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), entry.size - done);
    auto got = file.read(std::span(piece).first(wanted), entry.offset + done);
    if (!got) return got.error();
    if (*got != wanted) return false;
    sum = crc32c(std::span(piece).first(wanted), sum);
    done += wanted;
  }
  return sum == entry.crc32c;
}

struct Contents {
  std::vector<Entry> entries;
  std::uint64_t end = format::file_header_size;  // of the last whole record
};

// A record whose bytes are damaged is left out, those behind it still count; a damaged header ends the log,
// for nothing says where the next record starts.
Result<Contents> scan(const File& file) {
  Contents found;
  types::Bytes piece(1 << 20);
  for (std::uint64_t at = found.end;;) {
    format::RecordHeader header{};
    auto got = file.read(header, at);
    if (!got) return got.error();
    const auto entry = *got == header.size() ? format::decode(header, at + header.size()) : std::nullopt;
    if (!entry) return found;
    auto whole = is_whole(file, *entry, piece);
    if (!whole) return whole.error();
    at = entry->offset + entry->size;
    if (!*whole) continue;
    found.entries.push_back(*entry);
    found.end = at;
  }
}

}  // namespace

Result<std::unique_ptr<FrameLog>> FrameLog::create(const std::filesystem::path& path,
                                                   const Description& description, Durable each_frame) {
  auto file = File::create(path);
  if (!file) return file.error();
  if (auto written = file->write(format::encode(description), {}, 0); !written) return written.error();
  return std::unique_ptr<FrameLog>(std::make_unique<LogFile>(std::move(*file), description, each_frame,
                                                             std::vector<Entry>{}, format::file_header_size));
}

Result<std::unique_ptr<FrameLog>> FrameLog::open(const std::filesystem::path& path, Durable each_frame) {
  auto file = File::open(path);
  if (!file) return file.error();
  format::FileHeader header{};
  auto got = file->read(header, 0);
  if (!got) return got.error();
  const auto description = *got == header.size() ? format::decode(header) : std::nullopt;
  if (!description) return Error{ErrorCode::corrupt, "not a frame log, or its header is damaged"};
  auto contents = scan(*file);
  if (!contents) return contents.error();
  if (auto cut = file->truncate(contents->end); !cut) return cut.error();
  return std::unique_ptr<FrameLog>(std::make_unique<LogFile>(std::move(*file), *description, each_frame,
                                                             std::move(contents->entries), contents->end));
}

}  // namespace piste::recording
