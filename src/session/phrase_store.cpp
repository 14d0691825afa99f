#include "session/phrase_store.h"

#include <optional>
#include <type_traits>
#include <utility>

#include "base/log.h"

namespace piste::session {
namespace {

using Error = base::Error<StoreError>;

constexpr const char* disk_full = "the server's disk is full; what was acknowledged is kept";

constexpr const char* disk_failed =
    "the server's disk failed, and may have lost frames of this session; send the phrase as another session";

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

Error store_error(const recording::Error& error) {
  switch (error.code) {
    case recording::ErrorCode::full:
      return {StoreError::no_room, disk_full};
    case recording::ErrorCode::sync:
      return {StoreError::failed, disk_failed};
    case recording::ErrorCode::io:
    case recording::ErrorCode::corrupt:
      break;
  }
  return {StoreError::no_room, error.message};
}

}  // namespace

PhraseStore::PhraseStore(Shared shared, PhraseFolder::Opened opened)
    : shared_(shared),
      folder_(std::move(opened.folder)),
      path_(folder_->path()),
      bytes_in_memory_(std::make_shared<std::atomic<std::size_t>>(0)),
      log_(std::move(opened.log)) {}

// start: settings and log -> the phrase.
template <class Start>
void PhraseStore::begin(pipeline::PhraseSettings settings, Start start) {
  const base::Lock storing(storing_);
  const auto log = this->log();
  if (!log || phrase()) return;
  settings.directory = path_;
  shown_ = settings.save_overlay;
  auto phrase = start(settings, *log);
  std::size_t index = 0;
  for (const auto& entry : log->entries()) {
    types::EncodedFrame frame{entry.number,    entry.timestamp, entry.encoding, settings.width,
                              settings.height, nullptr,         entry.key};
    phrase->push(index++, std::move(frame), std::nullopt);
  }
  const base::Lock lock(mutex_);
  phrase_ = phrase;
  if constexpr (std::is_same_v<decltype(phrase), std::shared_ptr<pipeline::Bout>>) bout_ = phrase;
}

void PhraseStore::begin_analysis(pipeline::PhraseSettings settings, pipeline::PhraseObserver observer) {
  begin(std::move(settings), [&](const auto& all, const recording::FrameLog& log) {
    return std::shared_ptr<pipeline::Phrase>(shared_.engine.start(all, log, std::move(observer)));
  });
}

void PhraseStore::begin_bout(pipeline::PhraseSettings settings, pipeline::BoutObserver observer) {
  begin(std::move(settings), [&](const auto& all, const recording::FrameLog& log) {
    return std::shared_ptr<pipeline::Bout>(shared_.engine.start_bout(all, log, std::move(observer)));
  });
}

void PhraseStore::tell(const types::box::Event& event, pipeline::Told by) {
  const base::Lock lock(mutex_);
  if (bout_) bout_->tell(event, by);
}

std::vector<pipeline::BoutPhrase> PhraseStore::phrases_from(int number) const {
  const auto bout = [this] {
    const base::Lock lock(mutex_);
    return bout_;
  }();
  return bout ? bout->phrases_from(number) : std::vector<pipeline::BoutPhrase>();
}

void PhraseStore::conclude_part(const pipeline::BoutPhrase& phrase) {
  const base::Lock syncing(syncing_);
  if (!folder_ || !phrase.outcome.result_kept) return;
  const auto done = folder_->conclude_part(phrase.folder, phrase.outcome.video_kept);
  if (!done) base::log::warning("", path_.filename().string() + ": " + done.error().message);
  if (done && shown_ && phrase.outcome.video_kept && shared_.shelf.has_room())
    shared_.clean_films.add(path_ / phrase.folder);
}

std::shared_ptr<const types::Bytes> PhraseStore::hold(types::Bytes&& bytes) const {
  auto counted = std::make_shared<const Counted>(std::move(bytes), bytes_in_memory_);
  const types::Bytes* content = &counted->bytes;
  return {std::move(counted), content};
}

std::shared_ptr<recording::FrameLog> PhraseStore::log() const {
  const base::Lock lock(mutex_);
  return log_;
}

std::shared_ptr<pipeline::Phrase> PhraseStore::phrase() const {
  const base::Lock lock(mutex_);
  return phrase_;
}

// Those who only look at the phrase do not wait for the disk.
base::Result<base::Done, StoreError> PhraseStore::store(types::EncodedFrame frame, types::Bytes&& bytes) {
  const base::Lock storing(storing_);
  const auto log = this->log();
  if (!log) return Error{StoreError::gone, "The session has ended"};
  if (auto appended = append(*log, frame); !appended) return appended;
  const base::Lock lock(mutex_);
  if (!phrase_) return Error{StoreError::gone, "The session has ended"};
  std::optional<base::ByteBudget::Lease> lease;
  if (phrase_->waiting() < frames_kept) lease = shared_.memory.try_acquire(bytes.size());
  frame.bytes = lease ? hold(std::move(bytes)) : nullptr;
  phrase_->push(log->size() - 1, std::move(frame), std::move(lease));
  return base::Done{};
}

base::Result<base::Done, StoreError> PhraseStore::append(recording::FrameLog& log,
                                                         const types::EncodedFrame& frame) {
  if (log.bytes() >= next_disk_check_) {
    if (!shared_.shelf.has_room()) return Error{StoreError::no_room, disk_full};
    next_disk_check_ = log.bytes() + disk_check_interval;
  }
  const auto written = log.append(frame);
  if (written) return base::Done{};
  return store_error(written.error());
}

// With Fsync::end, before session_end and the signal are answered. In the other modes a sync that has failed
// is told here at the latest.
base::Result<base::Done, StoreError> PhraseStore::sync_with_the_end() const {
  const auto log = this->log();
  if (!log) return Error{StoreError::gone, "The session has ended"};
  const auto synced = shared_.shelf.fsync == Fsync::end ? log->sync() : log->state();
  if (!synced) return store_error(synced.error());
  return base::Done{};
}

base::Result<base::Done, StoreError> PhraseStore::end(std::optional<std::int64_t> total_frames) {
  const base::Lock storing(storing_);
  if (auto synced = sync_with_the_end(); !synced) return synced;
  const auto ended = folder_->end(total_frames);
  if (!ended) return store_error(ended.error());
  return base::Done{};
}

base::Result<base::Done, StoreError> PhraseStore::save_signal(std::string log) {
  const base::Lock storing(storing_);
  if (auto synced = sync_with_the_end(); !synced) return synced;
  const auto saved = folder_->put_signal(std::move(log));
  if (!saved) return store_error(saved.error());
  return base::Done{};
}

recording::Result<base::Done> PhraseStore::begin_attempt() {
  const base::Lock storing(storing_);
  return folder_ ? folder_->begin_attempt() : base::Done{};
}

std::optional<std::string> PhraseStore::saved_signal() const {
  return folder_->signal();
}

std::vector<recording::Entry> PhraseStore::entries() const {
  const auto log = this->log();
  return log ? log->entries() : std::vector<recording::Entry>();
}

// The frames first: no record on the disk says that they are all there when they are not.
recording::Result<base::Done> PhraseStore::sync() {
  const base::Lock syncing(syncing_);
  const auto log = this->log();
  if (!log) return base::Done{};
  if (const std::uint64_t bytes = log->bytes(); bytes != synced_) {
    if (auto synced = log->sync(); !synced) return synced;
    synced_ = bytes;
  }
  if (const auto settled = folder_->sync(); !settled)
    base::log::warning("", path_.filename().string() + ": " + settled.error().message + "; tried again");
  return base::Done{};
}

void PhraseStore::finish(std::string scoring_log, const types::StreamingStats& streaming) {
  const base::Lock lock(mutex_);
  if (phrase_) phrase_->finish(std::move(scoring_log), streaming);
}

std::size_t PhraseStore::frames_waiting() const {
  const base::Lock lock(mutex_);
  return phrase_ ? phrase_->waiting() : 0;
}

std::shared_ptr<const types::Bytes> PhraseStore::picture() const {
  const base::Lock lock(mutex_);  // while it is held the phrase's log is not given back
  return phrase_ ? phrase_->picture() : nullptr;
}

void PhraseStore::stand_back(bool back) {
  const base::Lock lock(mutex_);
  if (phrase_) phrase_->stand_back(back);
}

void PhraseStore::abandon() {
  const base::Lock lock(mutex_);
  if (phrase_) phrase_->abandon();
}

void PhraseStore::dispose(Keep keep, pipeline::Outcome outcome) {
  std::shared_ptr<recording::FrameLog> log;
  std::shared_ptr<pipeline::Phrase> phrase;
  std::shared_ptr<pipeline::Bout> bout;
  std::unique_ptr<PhraseFolder> folder;  // given back when all is done
  {
    const base::Lock storing(storing_);
    const base::Lock syncing(syncing_);
    const base::Lock lock(mutex_);
    log = std::move(log_);
    phrase = std::move(phrase_);
    bout = std::move(bout_);
    folder = std::move(folder_);
  }
  // Without a lock, for whoever still stores a frame is not to wait for it: for the frame in work.
  bout.reset();
  phrase.reset();
  if (!log) return;
  const auto synced = keep == Keep::everything ? log->sync() : log->state();
  log.reset();
  switch (keep) {
    case Keep::nothing:
      return folder->remove();
    case Keep::everything:
      folder->take_attempt_back();
      if (synced) static_cast<void>(folder->sync().ok());
      return;
    case Keep::result:
      break;
  }
  if (outcome.result_kept && outcome.video_kept && folder->conclude(true)) {
    if (shown_ && shared_.shelf.has_room()) shared_.clean_films.add(path_);
    return;
  }
  shared_.unfinished.add({std::move(folder),
                          outcome.result_kept ? std::string() : std::move(outcome.result_json),
                          outcome.video_kept});
}

}  // namespace piste::session
