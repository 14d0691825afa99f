#include "session/registry.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.h"
#include "session/cluster_stats.h"
#include "session/directory.h"
#include "session/registry_parts.h"

namespace piste::session {
namespace {

Limits with_absolute_paths(Limits limits) {
  std::error_code failure;  // where the folder cannot be made, each session_start says so
  limits.output_dir = std::filesystem::absolute(limits.output_dir, failure);
  std::filesystem::create_directories(limits.output_dir, failure);
  if (failure) base::log::error("", "the output folder cannot be made: " + failure.message());
  return limits;
}

Snapshot snapshot_of(const std::string& id, const UploadView& upload, TimePoint now) {
  Snapshot snapshot;
  snapshot.id = id;
  snapshot.stage = upload.stage;
  snapshot.has_signal = upload.stage != Stage::create;
  snapshot.stats.duration_seconds = seconds(now - upload.started);
  snapshot.attached = !upload.later;
  snapshot.progress = upload.progress;
  snapshot.kept_by = upload.kept_by;
  return snapshot;
}

std::vector<Snapshot> snapshots_of(const RegistryParts& parts, const std::string& owner, TimePoint now) {
  std::vector<Snapshot> snapshots;
  for (const auto& [id, present] : parts.seating.present(owner)) {
    if (present.session) snapshots.push_back(present.session->snapshot(now));
    if (present.upload) snapshots.push_back(snapshot_of(id, *present.upload, now));
  }
  return snapshots;
}

// The archive knows how the last phrases ended, the catalogue where all are that have a result.
std::optional<Ended> ended_of(const RegistryParts& parts, const SessionKey& key) {
  if (auto known = parts.archive.find(key)) return known;
  const auto directory = parts.catalogue.directory(key);
  auto text = directory ? PhraseFolder::result_in(*directory) : std::nullopt;
  return text ? std::optional(Ended{"", true, std::move(*text), *directory, 0}) : std::nullopt;
}

using Stored = SessionRecord::Stage;  // beside the guide's Stage

// What the other nodes know of it. A result without its text is too long for the directory.
std::optional<Directory::Known> known_elsewhere(const RegistryParts& parts, const SessionKey& key) {
  auto known = parts.directory ? parts.directory->find(key) : std::nullopt;
  if (known && known->stage == Stored::complete && known->ended.text.empty()) return std::nullopt;
  return known;
}

// Where this node has frames of it, but no connection: the client may have gone on, and to the end, at
// another.
std::optional<Ended> ended_elsewhere(const RegistryParts& parts, const SessionKey& key, bool attached) {
  if (attached) return std::nullopt;
  auto known = known_elsewhere(parts, key);
  if (!known || known->stage != Stored::complete) return std::nullopt;
  return std::move(known->ended);
}

// Where the id was given again, at another node, that phrase is the one that is meant. Folders' names begin
// with the time.
std::optional<Directory::Known> begun_anew_elsewhere(const RegistryParts& parts, const SessionKey& key,
                                                     const Ended& here) {
  auto known = known_elsewhere(parts, key);
  if (!known) return std::nullopt;
  const bool same = known->token_hash == here.token_hash;
  const bool newer = !same && known->folder > here.directory.filename().string();
  const bool better = same && !here.succeeded && known->ended.succeeded;
  return newer || better ? std::move(known) : std::nullopt;
}

Status status_of(const SessionKey& key, const Ended& ended) {
  return {ended.succeeded ? Status::Kind::complete : Status::Kind::failed,
          status_json(key.id, ended.succeeded ? "COMPLETE" : "FAILED")};
}

base::Result<std::string, Status::Kind> result_of(const Ended& ended) {
  if (!ended.succeeded) return base::Error<Status::Kind>{Status::Kind::failed, ended.text};
  return ended.text;
}

}  // namespace

// Half of what there is for phrases that were left goes to one client, so that there is always some for
// another. An upload on its way costs little but disk; its seat comes when both files are here. A message may
// be as long as a frame, and grows in steps.
Shares Limits::shares() const {
  const auto half = [](std::size_t all) { return std::max<std::size_t>(1, all / 2); };
  const std::size_t seats = max_sessions_per_address > 0 ? max_sessions_per_address : max_sessions;
  const std::size_t messages = std::max(max_message_bytes, 4 * max_frame_bytes);
  Shares shares;
  shares[static_cast<std::size_t>(Holding::seat)] = {max_sessions, seats};
  shares[static_cast<std::size_t>(Holding::left_phrase)] = {max_left_phrases, half(max_left_phrases)};
  shares[static_cast<std::size_t>(Holding::upload)] = {4 * max_sessions, 2 * max_sessions};
  shares[static_cast<std::size_t>(Holding::kept_upload)] = {max_kept_uploads, half(max_kept_uploads)};
  shares[static_cast<std::size_t>(Holding::message_bytes)] = {messages, messages / 4 * 3};
  return shares;
}

Registry::Registry(pipeline::Engine& engine, const Limits& limits, recording::Disk& disk,
                   Directory* directory)
    : parts_(std::make_unique<RegistryParts>(engine, with_absolute_paths(limits), limits.shares(), disk,
                                             directory)) {}

Registry::~Registry() = default;

void Registry::sweep(TimePoint now) {
  for (const auto& session : parts_->seating.sessions()) {
    session->expire_if_idle(now, parts_->limits.idle_timeout);
  }
  parts_->archive.sweep(now, parts_->limits.idle_timeout);
  parts_->upkeep.remove_old_results(now);
}

void Registry::find_left() {
  parts_->recovery.look();
  parts_->upkeep.begin();
}

void Registry::recover(TimePoint now) {
  parts_->recovery.look();
  parts_->recovery.open_found(now);
  parts_->upkeep.begin();
}

void Registry::tend(TimePoint now) {
  parts_->upkeep.sync();
  parts_->upkeep.tend(now);
}

void Registry::refuse_new() {
  parts_->seating.refuse_new();
}

void Registry::end_sessions(const std::function<bool(const std::string& owner)>& whose) {
  for (const auto& session : parts_->seating.sessions()) {
    if (whose(session->owner())) session->leave();
  }
  parts_->seating.end_uploads(whose);
}

std::size_t Registry::active() const {
  return parts_->accounts.held(Holding::seat) + parts_->accounts.held(Holding::upload);
}

std::size_t Registry::held(Holding what) const {
  return parts_->accounts.held(what);
}

Pistes& Registry::pistes() {
  return parts_->pistes;
}

BoxTellers& Registry::tellers() {
  return parts_->tellers;
}

std::string Registry::stats_json(TimePoint now, const std::string& owner) const {
  return session::stats_json(snapshots_of(*parts_, owner, now), parts_->totals(), parts_->tellers.json(now));
}

std::optional<std::string> Registry::cluster_stats_json(TimePoint now, const std::string& owner) const {
  const auto nodes = parts_->directory ? parts_->directory->nodes() : std::nullopt;
  if (!nodes) return std::nullopt;
  return session::cluster_stats_json(snapshots_of(*parts_, owner, now), parts_->directory->running(owner),
                                     *nodes);
}

SharedJobs* Registry::shared_jobs() const {
  return parts_->directory ? parts_->directory->jobs() : nullptr;
}

bool Registry::in_cluster() const {
  return parts_->directory != nullptr;
}

Status Registry::status(const SessionKey& key, TimePoint now) const {
  const auto left = parts_->recovery.stage(key);
  const auto session = parts_->seating.find(key);
  const Snapshot snapshot = session ? session->snapshot(now) : Snapshot();
  if (session && snapshot.stage != Stage::cleanup) {
    if (const auto ended = ended_elsewhere(*parts_, key, snapshot.attached)) return status_of(key, *ended);
    return {snapshot.stage == Stage::processing ? Status::Kind::processing : Status::Kind::receiving,
            session::status_json(snapshot)};
  }
  if (const auto upload = parts_->seating.find_upload(key); upload && upload->stage != Stage::cleanup)
    return {Status::Kind::processing, session::status_json(snapshot_of(key.id, *upload, now))};
  const auto open = [&key](Stored stage, const std::optional<Directory::Shared>& shared = {}) {
    return Status{stage == Stored::ended ? Status::Kind::processing : Status::Kind::receiving,
                  session::status_json(Directory::Running{key.id, stage, {}, shared})};
  };
  if (left) {
    if (const auto ended = ended_elsewhere(*parts_, key, false)) return status_of(key, *ended);
    return open(*left);
  }
  const auto ended = ended_of(*parts_, key);
  const auto known = ended ? begun_anew_elsewhere(*parts_, key, *ended) : known_elsewhere(*parts_, key);
  if (!known) return ended ? status_of(key, *ended) : Status{Status::Kind::unknown, {}};
  return known->stage == Stored::complete ? status_of(key, known->ended) : open(known->stage, known->shared);
}

base::Result<std::string, Status::Kind> Registry::result(const SessionKey& key) const {
  using Failure = base::Error<Status::Kind>;
  const auto left = parts_->recovery.stage(key);
  const auto session = parts_->seating.find(key);
  const Snapshot snapshot = session ? session->snapshot(std::chrono::steady_clock::now()) : Snapshot();
  Stage stage = session ? snapshot.stage : Stage::cleanup;
  if (left && stage == Stage::cleanup)
    stage = *left == Stored::ended ? Stage::processing : Stage::receiving_frames;
  if (stage != Stage::cleanup) {
    if (const auto ended = ended_elsewhere(*parts_, key, session && snapshot.attached))
      return result_of(*ended);
  }
  const auto upload = parts_->seating.find_upload(key);
  if (stage == Stage::processing || (upload && upload->stage != Stage::cleanup))
    return Failure{Status::Kind::processing, "The analysis is running"};
  if (stage != Stage::cleanup) {
    return Failure{Status::Kind::receiving,
                   "The phrase is not complete: session_end or the scoring log is missing"};
  }
  const auto ended = ended_of(*parts_, key);
  const auto known = ended ? begun_anew_elsewhere(*parts_, key, *ended) : known_elsewhere(*parts_, key);
  if (ended && !known) return result_of(*ended);
  if (!known) return Failure{Status::Kind::unknown, "No session of this id is known here"};
  if (known->stage == Stored::complete) return result_of(known->ended);
  if (known->shared && !known->shared->taken)
    return Failure{Status::Kind::processing, "It waits for a node to judge it"};
  const bool judging = known->stage == Stored::ended;
  return Failure{judging ? Status::Kind::processing : Status::Kind::receiving,
                 "Another node has the session"};
}

std::optional<std::filesystem::path> Registry::directory(const SessionKey& key) const {
  auto known = parts_->archive.directory(key);
  return known ? known : parts_->catalogue.directory(key);
}

std::string Registry::node(const SessionKey& key) const {
  return parts_->catalogue.node(key);
}

bool Registry::newer_elsewhere(const SessionKey& key) const {
  const auto ended = ended_of(*parts_, key);
  return ended && begun_anew_elsewhere(*parts_, key, *ended).has_value();
}

std::optional<std::filesystem::path> Registry::bout(const SessionKey& key) const {
  const auto session = parts_->seating.find(key);
  if (session && session->alive() && session->is_bout()) return parts_->shelf.path / session->folder();
  return directory(key);
}

std::filesystem::path Registry::library() const {
  return parts_->shelf.library();
}

Catalogue& Registry::catalogue() {
  return parts_->catalogue;
}

std::vector<Registry::Running> Registry::running(const std::string& owner, TimePoint now) const {
  std::vector<Running> out;
  for (const auto& [id, present] : parts_->seating.present(owner)) {
    if (!present.session && !present.upload) continue;  // still being made
    const Stage stage = present.session ? present.session->snapshot(now).stage : present.upload->stage.load();
    if (stage != Stage::cleanup) out.push_back({id, std::string(to_string(stage))});
  }
  return out;
}

std::vector<Registry::Running> Registry::running_elsewhere(const std::string& owner) const {
  std::vector<Running> out;
  if (!parts_->directory) return out;
  for (const auto& other : parts_->directory->running(owner))
    out.push_back({other.id, std::string(state_of(other)), other.node});
  return out;
}

base::Result<Said, CatalogueError> Registry::said(const SessionKey& key) const {
  return parts_->catalogue.said(directory(key).value_or(""));
}

base::Result<Said, CatalogueError> Registry::change(const SessionKey& key,
                                                    const std::optional<SaidVersion>& version,
                                                    const std::function<void(People&)>& change) {
  return parts_->catalogue.change(key, directory(key).value_or(""), version, change);
}

std::shared_ptr<const types::Bytes> Registry::live_picture(const SessionKey& key) const {
  const auto session = parts_->seating.find(key);
  return session && session->alive() ? session->live_picture() : nullptr;
}

pipeline::Result<types::Bytes> Registry::frame_picture(const std::filesystem::path& directory,
                                                       std::int64_t number, int width) const {
  return parts_->engine.frame_picture(directory, number, width);
}

pipeline::Result<types::Bytes> Registry::clip(const std::filesystem::path& directory,
                                              const pipeline::Clip& clip,
                                              const std::function<bool()>& cancelled) const {
  return parts_->engine.clip(directory, clip, cancelled);
}

pipeline::Result<types::SeenFencers> Registry::look(types::Bytes picture) {
  return parts_->engine.look(std::move(picture));
}

base::Result<base::Done, Status::Kind> Registry::remove(const SessionKey& key) {
  using Failure = base::Error<Status::Kind>;
  if (parts_->seating.find(key) || parts_->seating.find_upload(key) || parts_->recovery.stage(key))
    return Failure{Status::Kind::processing, "The phrase is not over: it can be removed when it is"};
  // Where an id was given again, the one that is shown must be the one that goes.
  const auto shown = parts_->archive.directory(key);
  if (shown && PhraseFolder::has_result(*shown) && parts_->catalogue.directory(key) != shown)
    return Failure{Status::Kind::processing, "The library does not have the phrase yet: try again later"};
  const auto folder = parts_->catalogue.directory(key);
  const auto known = folder ? std::nullopt : known_elsewhere(*parts_, key);
  if (known && known->shared)
    return Failure{Status::Kind::processing, "The phrase is not over: it can be removed when it is"};
  const auto removed = parts_->catalogue.remove(key);
  if (!removed && removed.error().code == CatalogueError::unknown) {
    const std::string elsewhere = folder_elsewhere(key);
    if (elsewhere.empty()) return Failure{Status::Kind::unknown, removed.error().message};
    forget(key, elsewhere);
    return base::Done{};
  }
  if (!removed) return Failure{Status::Kind::processing, removed.error().message};
  parts_->archive.forget(key);
  if (parts_->directory && folder) parts_->directory->removed(key, folder->filename().string());
  return base::Done{};
}

// What came of it is told before it is listed.
std::string Registry::folder_elsewhere(const SessionKey& key) const {
  if (!parts_->directory || directory(key)) return {};
  const auto known = parts_->directory->find(key);
  if (known && known->stage != Stored::complete) return {};  // of this id there is a newer one
  if (known && known->ended.succeeded) return known->folder;
  return parts_->catalogue.folder_elsewhere(key);
}

void Registry::forget(const SessionKey& key, const std::string& folder) {
  parts_->archive.forget(key);
  parts_->catalogue.forget(key, folder);
  if (parts_->directory) parts_->directory->removed(key, folder);
}

std::optional<std::vector<Removed>> Registry::removed_after(std::int64_t number) const {
  return parts_->directory ? parts_->directory->removed_after(number) : std::nullopt;
}

bool Registry::has(const std::string& folder) const {
  return PhraseFolder::is_name(folder) && (is_on_disk(folder) || parts_->catalogue.lists(folder));
}

bool Registry::is_on_disk(const std::string& folder) const {
  std::error_code failure;
  return std::filesystem::exists(parts_->shelf.path / folder, failure);
}

bool Registry::remove_too(const Removed& removed) {
  const auto known = parts_->archive.directory(removed.key);
  if (known && known->filename() == removed.folder) parts_->archive.forget(removed.key);
  if (is_on_disk(removed.folder))
    return parts_->catalogue.remove(removed.key, parts_->shelf.path / removed.folder).ok();
  parts_->catalogue.forget(removed.key, removed.folder);
  return true;
}

Events& Registry::events() {
  return parts_->events;
}

const Limits& Registry::limits() const {
  return parts_->limits;
}

const Counters& Registry::counters() const {
  return parts_->counters;
}

Load Registry::load(TimePoint now) const {
  Load load;
  for (const auto& session : parts_->seating.sessions())
    load.frames_waiting += session->snapshot(now).frames_waiting;
  load.memory_bytes = parts_->memory.used();
  load.max_memory_bytes = parts_->memory.limit();
  std::error_code failure;
  const auto space = std::filesystem::space(parts_->limits.output_dir, failure);
  if (!failure) load.free_disk_bytes = space.available;
  return load;
}

bool Registry::disk_has_room() const {
  return parts_->shelf.has_room();
}

std::chrono::seconds Registry::wait_for_start(const std::string& address, TimePoint now) const {
  return parts_->allowance.wait(address, now);
}

}  // namespace piste::session
