#include "recording/frame_log.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/mutex.h"
#include "recording/crc32c.h"
#include "recording/file.h"
#include "recording/frame_log_format.h"

namespace piste::recording {
namespace {

using format::record_header_size;

// Nobody who sends frames can guess it, so none of them holds bytes that pass for a record.
std::uint64_t fresh_salt() {
  std::random_device random;
  return (std::uint64_t{random()} << 32 | random()) | 1;
}

class LogFile : public FrameLog {
 public:
  LogFile(File file, const format::Preamble& preamble, Durable each_frame, std::vector<Entry> entries,
          std::uint64_t end)
      : file_(std::move(file)),
        preamble_(preamble),
        each_frame_(each_frame),
        entries_(std::move(entries)),
        end_(end) {}

  const Description& description() const override { return preamble_.description; }
  Result<base::Done> append(const types::EncodedFrame& frame) override;
  Result<base::Done> sync() const override;
  Result<base::Done> state() const override {
    const base::Lock lock(mutex_);
    return sync_failure_ ? Result<base::Done>(*sync_failure_) : base::Done{};
  }
  std::size_t size() const override {
    const base::Lock lock(mutex_);
    return entries_.size();
  }
  std::uint64_t bytes() const override {
    const base::Lock lock(mutex_);
    return end_;
  }
  std::vector<Entry> entries() const override {
    const base::Lock lock(mutex_);
    return entries_;
  }
  Entry entry(std::size_t index) const override {
    const base::Lock lock(mutex_);
    return entries_[index];
  }
  Result<types::EncodedFrame> read(std::size_t index) const override;

 private:
  const File file_;
  const format::Preamble preamble_;
  const Durable each_frame_;
  mutable base::Mutex mutex_;  // never held during I/O, so readers do not wait for the disk
  std::vector<Entry> entries_ GUARDED_BY(mutex_);
  std::uint64_t end_ GUARDED_BY(mutex_);
  mutable std::optional<Error> sync_failure_ GUARDED_BY(mutex_);
};

Result<base::Done> LogFile::sync() const {
  if (auto failed = state(); !failed) return failed;
  auto synced = file_.sync();
  if (synced) return synced;
  const base::Lock lock(mutex_);
  sync_failure_ = Error{ErrorCode::sync, synced.error().message};
  return *sync_failure_;
}

Result<base::Done> LogFile::append(const types::EncodedFrame& frame) {
  if (frame.bytes->size() > std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::io, "a frame of 4 GiB or more does not fit the frame log"};
  }
  std::uint64_t start = 0;
  {
    const base::Lock lock(mutex_);
    if (sync_failure_) return *sync_failure_;
    start = end_;
  }
  Entry added{frame.number, frame.timestamp, frame.encoding};
  added.offset = start + record_header_size;
  added.size = static_cast<std::uint32_t>(frame.bytes->size());
  added.crc32c = crc32c(*frame.bytes);
  added.key = frame.key;
  auto written = file_.write(format::encode(added, preamble_.seal), *frame.bytes, start);
  if (written && each_frame_ == Durable::yes) written = sync();
  if (!written) {
    // Where even this fails, the torn record is written over by the next append, or cut off by open().
    static_cast<void>(file_.truncate(start).ok());
    return written.error();
  }
  const base::Lock lock(mutex_);
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
  return types::EncodedFrame{wanted.number,        wanted.timestamp, wanted.encoding, description().width,
                             description().height, std::move(bytes), wanted.key};
}

// What an existing file holds. A record whose bytes or header are damaged is left out; reading goes on at the
// next one, which is found by its magic and its sealed checksum where no size says where it is.
class Scan {
 public:
  Scan(const File& file, const format::Preamble& preamble) : file_(file), preamble_(preamble) {}

  Result<base::Done> run();

  std::vector<Entry> entries;
  std::uint64_t end = 0;  // of the last whole record

 private:
  static constexpr std::size_t piece_bytes = 1 << 20;

  Result<std::optional<Entry>> record_at(std::uint64_t at) const;
  Result<std::uint64_t> find_from(std::uint64_t at);
  Result<std::uint64_t> place_behind(const Entry& damaged);
  Result<bool> is_whole(const Entry& entry);

  const File& file_;
  const format::Preamble& preamble_;
  std::uint64_t size_ = 0;
  types::Bytes piece_ = types::Bytes(piece_bytes);
  std::unordered_set<std::int64_t> numbers_;
};

Result<base::Done> Scan::run() {
  const auto size = file_.size();
  if (!size) return size.error();
  size_ = *size;
  end = preamble_.first_record;
  for (std::uint64_t at = end; at < size_;) {
    const auto entry = record_at(at);
    if (!entry) return entry.error();
    const auto whole = *entry ? is_whole(**entry) : Result<bool>(false);
    if (!whole) return whole.error();
    if (*whole) {
      at = end = (*entry)->offset + (*entry)->size;
      if (numbers_.insert((*entry)->number).second) entries.push_back(**entry);
      continue;
    }
    const auto next = *entry ? place_behind(**entry) : find_from(at + 1);
    if (!next) return next.error();
    at = *next;
  }
  return base::Done{};
}

Result<std::optional<Entry>> Scan::record_at(std::uint64_t at) const {
  format::RecordHeader header{};
  const auto got = file_.read(header, at);
  if (!got) return got.error();
  if (*got != header.size()) return std::optional<Entry>();
  return format::decode(header, at + header.size(), preamble_.seal);
}

// The first place from `at` on where a record's header is; the file's end where there is none.
Result<std::uint64_t> Scan::find_from(std::uint64_t at) {
  while (at + record_header_size <= size_) {
    const auto got = file_.read(piece_, at);
    if (!got) return got.error();
    const auto piece = std::span(piece_).first(*got);
    for (std::size_t place = 0; (place = format::find_record(piece, place)) < piece.size(); ++place) {
      const auto entry = record_at(at + place);
      if (!entry) return entry.error();
      if (*entry) return at + place;
    }
    if (*got < piece_.size()) break;
    at += piece_.size() - record_header_size;  // a magic may lie across two pieces
  }
  return size_;
}

// Where its size says; where no record is there, the size or the bytes are torn, and the next may be
// anywhere.
Result<std::uint64_t> Scan::place_behind(const Entry& damaged) {
  const std::uint64_t behind = damaged.offset + damaged.size;
  const auto next = record_at(behind);
  if (!next) return next.error();
  return *next ? Result<std::uint64_t>(behind) : find_from(damaged.offset);
}

// Sums a record's bytes in pieces, so that reopening costs no memory in proportion to a size in the file.
Result<bool> Scan::is_whole(const Entry& entry) {
  if (entry.size > size_ - entry.offset) return false;
  std::uint32_t sum = 0;
  for (std::uint64_t done = 0; done < entry.size;) {
    const std::size_t wanted = std::min<std::uint64_t>(piece_.size(), entry.size - done);
    auto got = file_.read(std::span(piece_).first(wanted), entry.offset + done);
    if (!got) return got.error();
    if (*got != wanted) return false;
    sum = crc32c(std::span(piece_).first(wanted), sum);
    done += wanted;
  }
  return sum == entry.crc32c;
}

}  // namespace

Result<std::unique_ptr<FrameLog>> FrameLog::create(const std::filesystem::path& path,
                                                   const Description& description, Durable each_frame,
                                                   Disk& disk) {
  auto file = File::create(path, disk);
  if (!file) return file.error();
  const std::uint64_t salt = fresh_salt();
  const auto preamble = format::make_preamble(description, salt);
  const auto header = format::encode(description, salt);
  if (auto written = file->write(header, header, 0); !written) return written.error();
  return std::unique_ptr<FrameLog>(std::make_unique<LogFile>(std::move(*file), preamble, each_frame,
                                                             std::vector<Entry>{}, preamble.first_record));
}

Result<std::unique_ptr<FrameLog>> FrameLog::open(const std::filesystem::path& path, Durable each_frame,
                                                 Disk& disk) {
  auto file = File::open(path, disk);
  if (!file) return file.error();
  std::array<std::uint8_t, 2 * format::file_header_size> start{};
  auto got = file->read(start, 0);
  if (!got) return got.error();
  const auto preamble = format::decode(std::span(start).first(*got));
  if (!preamble) return Error{ErrorCode::corrupt, "not a frame log, or its header is damaged"};
  Scan scan(*file, *preamble);
  if (auto scanned = scan.run(); !scanned) return scanned.error();
  if (auto cut = file->truncate(scan.end); !cut) return cut.error();
  return std::unique_ptr<FrameLog>(
      std::make_unique<LogFile>(std::move(*file), *preamble, each_frame, std::move(scan.entries), scan.end));
}

}  // namespace piste::recording
