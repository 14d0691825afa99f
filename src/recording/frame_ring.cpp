#include "recording/frame_ring.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "base/mutex.h"
#include "recording/file.h"

namespace piste::recording {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t pieces = 12;
constexpr const char* piece_end = ".log";

class FrameRing : public FrameLog {
 public:
  FrameRing(fs::path folder, std::size_t most_frames, Durable each_frame, Disk& disk)
      : folder_(std::move(folder)), most_(most_frames), each_frame_(each_frame), disk_(disk) {}

  Result<base::Done> begin(const Description& description);
  Result<base::Done> find();

  const Description& description() const override { return description_; }
  Result<base::Done> append(const types::EncodedFrame& frame) override;
  Result<base::Done> sync() const override;
  Result<base::Done> state() const override;
  std::size_t size() const override;
  std::uint64_t bytes() const override;
  std::vector<Entry> entries() const override;
  Entry entry(std::size_t index) const override;
  Result<types::EncodedFrame> read(std::size_t index) const override;

 private:
  struct Piece {
    std::size_t first = 0;  // index of its first frame
    fs::path path;
    std::shared_ptr<FrameLog> log;
  };
  using Pieces = std::deque<Piece>;

  Pieces pieces_now() const {
    const base::Lock lock(mutex_);
    return pieces_;
  }
  Result<base::Done> begin_piece();
  void add(Piece piece);
  void drop_oldest();
  Piece piece_of(std::size_t index) const;
  Result<base::Done> synced_so_far() const;
  Error remember(const Error& failure) const;

  const fs::path folder_;
  const std::size_t most_;
  const Durable each_frame_;
  Disk& disk_;
  Description description_;
  std::int64_t begun_ = 0;  // pieces, by the one thread that appends

  mutable base::Mutex mutex_;  // for moments only
  Pieces pieces_ GUARDED_BY(mutex_);
  std::uint64_t gone_bytes_ GUARDED_BY(mutex_) = 0;
  mutable std::optional<Error> sync_failure_ GUARDED_BY(mutex_);
  mutable base::Mutex syncing_;
  mutable std::set<fs::path> names_known_ GUARDED_BY(syncing_);  // to be on the disk
  mutable std::set<fs::path> synced_ GUARDED_BY(syncing_);       // those that do not grow any more
};

Result<base::Done> FrameRing::begin(const Description& description) {
  description_ = description;
  if (disk_.make_folder(folder_) != 0) return disk_error("make a folder for the frames");
  return begin_piece();
}

Result<base::Done> FrameRing::find() {
  std::error_code failure;
  std::set<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder_, failure))
    if (entry.path().extension() == piece_end) found.insert(entry.path());
  std::size_t first = 0;
  for (const fs::path& path : found) {
    auto log = FrameLog::open(path, each_frame_, disk_);
    if (!log) continue;  // the last one may have been cut before its header was written
    description_ = (*log)->description();
    begun_ = std::max<std::int64_t>(begun_, std::atoll(path.stem().c_str()) + 1);
    const std::size_t size = (*log)->size();
    add({first, path, std::move(*log)});
    first += size;
  }
  if (first == 0 && pieces_now().empty()) return Error{ErrorCode::corrupt, "no frame log can be read"};
  return base::Done{};
}

void FrameRing::add(Piece piece) {
  const base::Lock lock(mutex_);
  pieces_.push_back(std::move(piece));
}

Result<base::Done> FrameRing::begin_piece() {
  char name[32];
  std::snprintf(name, sizeof name, "%08lld%s", static_cast<long long>(begun_), piece_end);
  auto log = FrameLog::create(folder_ / name, description_, each_frame_, disk_);
  if (!log) return log.error();
  ++begun_;
  if (each_frame_ == Durable::yes) {
    if (auto synced = (*log)->sync(); !synced) return synced;
    if (disk_.sync_folder(folder_) != 0) return disk_error("bring a name to the disk");
  }
  add({size(), folder_ / name, std::move(*log)});
  return base::Done{};
}

void FrameRing::drop_oldest() {
  Piece oldest;
  {
    const base::Lock lock(mutex_);
    oldest = std::move(pieces_.front());
    pieces_.pop_front();
    gone_bytes_ += oldest.log->bytes();
  }
  disk_.remove(oldest.path);
}

Result<base::Done> FrameRing::append(const types::EncodedFrame& frame) {
  if (auto failed = synced_so_far(); !failed) return failed;
  auto now = pieces_now();
  if (now.back().log->size() >= std::max<std::size_t>(1, most_ / pieces)) {
    if (auto begun = begin_piece(); !begun) return begun;
    now = pieces_now();
  }
  if (auto appended = now.back().log->append(frame); !appended) return appended;
  for (const std::size_t end = size(); now.size() > 1 && end - now.front().first > most_; now.pop_front())
    drop_oldest();
  return base::Done{};
}

Result<base::Done> FrameRing::synced_so_far() const {
  const base::Lock lock(mutex_);
  return sync_failure_ ? Result<base::Done>(*sync_failure_) : base::Done{};
}

// The system forgets what it could not write, and the piece may be gone before anybody asks.
Error FrameRing::remember(const Error& failure) const {
  const base::Lock lock(mutex_);
  sync_failure_ = Error{ErrorCode::sync, failure.message};
  return *sync_failure_;
}

Result<base::Done> FrameRing::sync() const {
  const base::Lock lock(syncing_);
  if (auto failed = synced_so_far(); !failed) return failed;
  const auto now = pieces_now();
  for (auto* known : {&names_known_, &synced_})  // of what has gone nothing is remembered
    known->erase(known->begin(), known->lower_bound(now.front().path));
  bool names = false;
  for (const Piece& piece : now) {
    if (synced_.contains(piece.path)) continue;
    if (auto synced = piece.log->sync(); !synced) return remember(synced.error());
    if (piece.path != now.back().path) synced_.insert(piece.path);
    names = names_known_.insert(piece.path).second || names;
  }
  if (names && disk_.sync_folder(folder_) != 0) return remember(disk_error("bring a name to the disk"));
  return base::Done{};
}

Result<base::Done> FrameRing::state() const {
  if (auto failed = synced_so_far(); !failed) return failed;
  for (const Piece& piece : pieces_now())
    if (auto state = piece.log->state(); !state) return state;
  return base::Done{};
}

std::size_t FrameRing::size() const {
  const base::Lock lock(mutex_);
  return pieces_.empty() ? 0 : pieces_.back().first + pieces_.back().log->size();
}

std::uint64_t FrameRing::bytes() const {
  const base::Lock lock(mutex_);
  std::uint64_t sum = gone_bytes_;
  for (const Piece& piece : pieces_) sum += piece.log->bytes();
  return sum;
}

std::vector<Entry> FrameRing::entries() const {
  std::vector<Entry> all;
  for (const Piece& piece : pieces_now()) {
    const auto some = piece.log->entries();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

FrameRing::Piece FrameRing::piece_of(std::size_t index) const {
  const base::Lock lock(mutex_);
  for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece)
    if (piece->first <= index && index - piece->first < piece->log->size()) return *piece;
  return {};
}

Entry FrameRing::entry(std::size_t index) const {
  const Piece piece = piece_of(index);
  return piece.log ? piece.log->entry(index - piece.first) : Entry{};
}

Result<types::EncodedFrame> FrameRing::read(std::size_t index) const {
  const Piece piece = piece_of(index);
  if (!piece.log) return Error{ErrorCode::io, "the frame is not kept any more"};
  return piece.log->read(index - piece.first);
}

}  // namespace

Result<std::unique_ptr<FrameLog>> create_ring(const fs::path& folder, const Description& description,
                                              std::size_t most_frames, Durable each_frame, Disk& disk) {
  auto ring = std::make_unique<FrameRing>(folder, most_frames, each_frame, disk);
  if (auto begun = ring->begin(description); !begun) return begun.error();
  return std::unique_ptr<FrameLog>(std::move(ring));
}

Result<std::unique_ptr<FrameLog>> open_ring(const fs::path& folder, std::size_t most_frames,
                                            Durable each_frame, Disk& disk) {
  auto ring = std::make_unique<FrameRing>(folder, most_frames, each_frame, disk);
  if (auto found = ring->find(); !found) return found.error();
  return std::unique_ptr<FrameLog>(std::move(ring));
}

void remove_log(const fs::path& path, Disk& disk) {
  std::error_code failure;
  if (fs::is_directory(path, failure)) {
    for (const auto& entry : fs::directory_iterator(path, failure)) disk.remove(entry.path());
  }
  disk.remove(path);
}

}  // namespace piste::recording
