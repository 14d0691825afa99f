#include "session/recovery.h"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/log.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using Written = SessionRecord::Stage;  // beside the guide's Stage

constexpr int most_attempts = 3;  // a phrase that ends the server each time must not do so for ever
constexpr std::chrono::seconds ask_interval{1};

// In order of their names, which begin with the time.
std::set<std::string> phrase_names(const fs::path& shelf) {
  std::set<std::string> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(shelf, failure)) {
    std::string name = entry.path().filename().string();
    if (PhraseFolder::is_name(name) && entry.is_directory(failure)) found.insert(std::move(name));
  }
  return found;
}

}  // namespace

void Recovery::look() {
  const base::Lock lock(looking_);
  looked_ = true;
  const fs::path& shelf = shared_.store.shelf.path;
  PhraseFolder::remove_remains(shelf);
  const auto names = phrase_names(shelf);
  std::erase_if(settled_, [&](const std::string& name) { return !names.contains(name); });
  std::map<SessionKey, std::string> elsewhere;
  for (const std::string& name : names) {
    if (settled_.contains(name)) continue;
    auto folder = PhraseFolder::take(shared_.store.shelf, shelf / name);
    if (!folder) {
      if (const auto record = PhraseFolder::peek(shelf / name)) elsewhere[record->key()] = record->token_hash;
      continue;
    }
    settled_.insert(name);
    settle(std::move(folder));
  }
  const base::Lock elsewhere_lock(mutex_);
  elsewhere_ = std::move(elsewhere);
}

void Recovery::look_again() {
  {
    const base::Lock lock(looking_);
    if (!looked_) return;
  }
  look();
}

void Recovery::settle(std::unique_ptr<PhraseFolder> folder) {
  const auto record = folder->record();
  if (!record) {
    if (auto job = folder->job()) return find_job(std::move(folder), std::move(*job));
    if (folder->is_abandoned()) folder->remove();
    return;
  }
  sequence_.saw(record->sequence);
  if (record->stage >= Written::judged) return find_judged(std::move(folder), *record);
  if (record->attempts >= most_attempts) return give_up(*folder, *record);
  const base::Lock lock(mutex_);
  const auto order = [](const Found& found) {
    return std::pair(found.record.sequence, found.folder->name());
  };
  Found found{std::move(folder), *record};
  const auto place = std::upper_bound(found_.begin(), found_.end(), found,
                                      [&](const auto& a, const auto& b) { return order(a) < order(b); });
  found_.insert(place, std::move(found));
}

void Recovery::find_job(std::unique_ptr<PhraseFolder> folder, Job job) {
  if (job.error.empty() && job.attempts >= Job::most_attempts) {
    job.error = "The server ended each time while it analysed this upload, and does not try again";
    base::log::error(upload_id(folder->name()), job.error);
    folder->give_up(job);
  }
  if (!job.error.empty())
    return shared_.archive.add({job.owner, upload_id(folder->name())},
                               {"", false, job.error, folder->path(), sequence_.next()});
  const base::Lock lock(mutex_);
  jobs_.push_back({std::move(folder), std::move(job)});
}

std::optional<Recovery::LeftJob> Recovery::take_job() {
  const base::Lock lock(mutex_);
  if (jobs_.empty()) return std::nullopt;
  LeftJob left = std::move(jobs_.front());
  jobs_.pop_front();
  return left;
}

// Its frames, where they are still there, go as they would have gone: when there is a video.
void Recovery::find_judged(std::unique_ptr<PhraseFolder> folder, const SessionRecord& record) {
  shared_.archive.add(record.key(),
                      {record.token_hash, true, untold(*folder), folder->path(), record.sequence});
  if (!folder->has_log()) return;
  const bool has_video = record.stage == Written::complete && folder->has_video();
  shared_.store.unfinished.leave({std::move(folder), "", has_video});
}

// The result, where the other nodes may not have it yet; it may be told twice.
std::string Recovery::untold(const PhraseFolder& folder) const {
  constexpr std::chrono::hours young{1};
  if (!shared_.directory) return {};
  const auto written = PhraseFolder::result_time(folder.path());
  if (!written || fs::file_time_type::clock::now() - *written > young) return {};
  return PhraseFolder::result_in(folder.path()).value_or("");
}

void Recovery::give_up(const PhraseFolder& folder, const SessionRecord& record) {
  base::log::error(record.start.session_id,
                   "the analysis of " + folder.name() + " was cut each time and is not tried again");
  shared_.archive.add(record.key(),
                      {record.token_hash, false,
                       "The server ended each time while it analysed this phrase, and does not try again",
                       folder.path(), record.sequence});
}

// The newest one, of this key or of any.
std::optional<Recovery::Found> Recovery::take_found(const SessionKey* key) {
  const base::Lock lock(mutex_);
  const auto wanted = std::find_if(found_.rbegin(), found_.rend(),
                                   [&](const Found& found) { return !key || found.record.key() == *key; });
  if (wanted == found_.rend()) return std::nullopt;
  auto taken = std::move(*wanted);
  found_.erase(std::next(wanted).base());
  being_opened_ = taken.record;
  return taken;
}

void Recovery::open_found(TimePoint now) {
  for (;;) {
    const base::Lock lock(opening_);
    auto found = take_found(nullptr);
    if (!found) return;
    reopen(std::move(*found), now);
  }
}

std::shared_ptr<Session> Recovery::open(const SessionKey& key, TimePoint now) {
  const base::Lock lock(opening_);
  if (auto session = seating_.find(key)) return session;
  auto found = take_found(&key);
  if (!found && now >= asked_) {
    asked_ = now + ask_interval;  // until then nobody makes it look again
    look_again();
    found = take_found(&key);
  }
  return found ? reopen(std::move(*found), now) : nullptr;
}

std::optional<std::string> Recovery::held_elsewhere(const SessionKey& key) const {
  const base::Lock lock(mutex_);
  const auto found = elsewhere_.find(key);
  return found == elsewhere_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Written> Recovery::stage(const SessionKey& key) const {
  const base::Lock lock(mutex_);
  for (const Found& found : found_) {
    if (found.record.key() == key) return found.record.stage;
  }
  if (being_opened_ && being_opened_->key() == key) return being_opened_->stage;
  return std::nullopt;
}

std::shared_ptr<Session> Recovery::reopen(Found found, TimePoint now) {
  auto session = seat(std::move(found), now);
  const base::Lock lock(mutex_);
  being_opened_.reset();
  return session;
}

std::shared_ptr<Session> Recovery::seat(Found found, TimePoint now) {
  const std::string& id = found.record.start.session_id;
  auto log = found.folder->open_log();
  if (!log) {
    base::log::error(id, "the frames in " + found.folder->name() + " cannot be read: " + log.error().message);
    return nullptr;
  }
  const std::string name = found.folder->name();
  auto session =
      std::make_shared<Session>(shared_, PhraseFolder::Opened{std::move(found.folder), std::move(*log)},
                                seating_.keep(found.record.key()), nullptr, now);
  session->restore();
  seating_.occupy(session->seat(), session, nullptr);
  if (session->processing()) {
    base::log::info(id, "found in " + name + ", to be analysed again");
    session->queue();
  } else if (session->seat().holds_id()) {
    base::log::info(id, "found in " + name + ", may be resumed");
  } else {
    base::log::warning(id, name + " cannot be resumed, for a newer session has its id: it stays as it is");
    session->suspend();
  }
  return session;
}

}  // namespace piste::session
