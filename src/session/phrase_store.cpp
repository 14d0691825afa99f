#include "session/phrase_store.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "base/log.h"

namespace piste::session {
namespace {

using Error = base::Error<StoreError>;

constexpr const char* disk_full = "the server's disk is full; what was acknowledged is kept";

constexpr std::uint64_t disk_check_interval = 32
                                              << 20;  // bytes of frames between two looks at the free space

// How many frames that wait for the analysis stay in memory. Those behind them are cheaper to read back, from
// the system's cache most often, than to keep: memory that grows with every frame has to be mapped and
// cleared.
constexpr std::size_t frames_kept = 8;

// Bytes in memory that count themselves.
struct Counted {
  Counted(types::Bytes&& taken, std::shared_ptr<std::atomic<std::size_t>> total)
      : bytes(std::move(taken)), sum(std::move(total)) {
    *sum += bytes.size();
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { *sum -= bytes.size(); }

  const types::Bytes bytes;
  const std::shared_ptr<std::atomic<std::size_t>> sum;
};

}  // namespace

PhraseStore::PhraseStore(RegistryState& registry, PhraseDirectory directory,
                         std::unique_ptr<recording::FrameLog> log)
    : registry_(registry),
      path_(directory.path()),
      bytes_in_memory_(std::make_shared<std::atomic<std::size_t>>(0)),
      directory_(std::move(directory)),
      log_(std::move(log)) {}

void PhraseStore::begin_analysis(pipeline::PhraseSettings settings, pipeline::PhraseObserver observer) {
  const std::scoped_lock lock(mutex_);
  if (phrase_ || !log_) return;
  settings.directory = directory_.path();
  phrase_ = registry_.engine.start(settings, *log_, std::move(observer));
  std::size_t index = 0;
  for (const auto& entry : log_->entries()) {
    types::EncodedFrame frame{entry.number,    entry.timestamp, entry.encoding, settings.width,
                              settings.height, nullptr,         entry.key};
    phrase_->push(index++, std::move(frame), std::nullopt);
  }
}

std::shared_ptr<const types::Bytes> PhraseStore::hold(types::Bytes&& bytes) const {
  auto counted = std::make_shared<const Counted>(std::move(bytes), bytes_in_memory_);
  const types::Bytes* content = &counted->bytes;
  return {std::move(counted), content};
}

base::Result<base::Done, StoreError> PhraseStore::store(types::EncodedFrame frame, types::Bytes&& bytes) {
  const std::scoped_lock lock(mutex_);
  if (!phrase_) return Error{StoreError::gone, "The session has ended"};
  if (auto appended = append(frame); !appended) return appended;
  std::optional<base::ByteBudget::Lease> lease;
  if (phrase_->waiting() < frames_kept) lease = registry_.memory.try_acquire(bytes.size());
  frame.bytes = lease ? hold(std::move(bytes)) : nullptr;
  phrase_->push(log_->size() - 1, std::move(frame), std::move(lease));
  return base::Done{};
}

base::Result<base::Done, StoreError> PhraseStore::append(const types::EncodedFrame& frame) {
  if (log_->bytes() >= next_disk_check_) {
    if (!registry_.disk_has_room()) return Error{StoreError::no_room, disk_full};
    next_disk_check_ = log_->bytes() + disk_check_interval;
  }
  const auto written = log_->append(frame);
  if (written) return base::Done{};
  const bool full = written.error().code == recording::ErrorCode::full;
  return Error{StoreError::no_room, full ? disk_full : written.error().message};
}

recording::Result<base::Done> PhraseStore::save(const SessionRecord& record) const {
  return write_session_file(path_, record, registry_.limits.durable());
}

recording::Result<base::Done> PhraseStore::save_signal(std::string_view log) const {
  return recording::write_whole(path_ / signal_name, log, registry_.limits.durable());
}

std::optional<std::string> PhraseStore::saved_signal() const {
  std::ifstream file(path_ / signal_name, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<recording::Entry> PhraseStore::entries() const {
  const std::scoped_lock lock(mutex_);
  return log_ ? log_->entries() : std::vector<recording::Entry>();
}

void PhraseStore::sync() {
  std::shared_ptr<recording::FrameLog> log;
  {
    const std::scoped_lock lock(mutex_);
    if (!log_ || log_->bytes() == synced_) return;
    log = log_;
    synced_ = log_->bytes();
  }
  if (const auto synced = log->sync(); !synced) base::log::error("", synced.error().message);
}

void PhraseStore::finish(std::string scoring_log, const types::StreamingStats& streaming) {
  const std::scoped_lock lock(mutex_);
  if (phrase_) phrase_->finish(std::move(scoring_log), streaming);
}

std::size_t PhraseStore::frames_waiting() const {
  const std::scoped_lock lock(mutex_);
  return phrase_ ? phrase_->waiting() : 0;
}

void PhraseStore::stand_back(bool back) {
  const std::scoped_lock lock(mutex_);
  if (phrase_) phrase_->stand_back(back);
}

void PhraseStore::abandon() {
  const std::scoped_lock lock(mutex_);
  if (phrase_) phrase_->abandon();
}

void PhraseStore::dispose(Keep keep) {
  std::optional<PhraseDirectory> directory;
  std::shared_ptr<recording::FrameLog> log;
  std::unique_ptr<pipeline::Phrase> phrase;
  {
    const std::scoped_lock lock(mutex_);
    directory = std::move(directory_);
    log = std::move(log_);
    phrase = std::move(phrase_);
  }
  // Without the lock: this waits for the frame in work.
  phrase.reset();
  if (keep == Keep::everything && log) static_cast<void>(log->sync().ok());
  log.reset();
  if (keep == Keep::nothing || !directory) return;
  directory->keep();
  if (keep == Keep::everything) return;
  std::error_code ignored;  // a frame log that stays costs disk, nothing else
  std::filesystem::remove(directory->path() / frame_log_name, ignored);
}

}  // namespace piste::session
