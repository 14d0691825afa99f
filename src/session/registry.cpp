#include "session/registry.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.h"
#include "session/registry_state.h"
#include "session/session.h"

namespace piste::session {
namespace {

constexpr std::chrono::minutes retention_interval{10};
constexpr std::chrono::seconds look_interval{10};

Limits with_absolute_paths(Limits limits) {
  std::error_code failure;  // where the folder cannot be made, each session_start says so
  limits.output_dir = std::filesystem::absolute(limits.output_dir, failure);
  std::filesystem::create_directories(limits.output_dir, failure);
  if (failure) base::log::error("", "the output folder cannot be made: " + failure.message());
  return limits;
}

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Snapshot snapshot_of(const std::string& id, const UploadView& upload, TimePoint now) {
  Snapshot snapshot;
  snapshot.id = id;
  snapshot.stage = upload.stage;
  snapshot.has_signal = upload.stage != Stage::create;
  snapshot.stats.duration_seconds = seconds(now - upload.started);
  return snapshot;
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
  shares[static_cast<std::size_t>(Holding::message_bytes)] = {messages, messages / 4 * 3};
  return shares;
}

RegistryState::RegistryState(pipeline::Engine& used, const Limits& chosen, recording::Disk& written)
    : engine(used),
      limits(with_absolute_paths(chosen)),
      shelf{written, limits.output_dir, limits.fsync, limits.min_free_disk_bytes},
      memory(limits.max_memory_bytes),
      allowance(limits.sessions_per_hour),
      accounts(limits.shares()),
      seating(accounts),
      unfinished(used),
      recovery(*this) {
  if (limits.fsync == Fsync::interval) syncing.emplace([this] { sync(); });
}

RegistryState::~RegistryState() {
  syncing.reset();
  tidying.reset();
  backlog.stop();
  for (const auto& session : seating.sessions()) session->suspend();
}

void RegistryState::saw_sequence(std::int64_t seen) {
  std::int64_t known = sequence;
  while (known < seen && !sequence.compare_exchange_weak(known, seen)) {
  }
}

void RegistryState::sync() {
  for (const auto& session : seating.sessions()) session->sync();
}

void RegistryState::begin_tidying() {
  tidying.emplace([this] { tend(std::chrono::steady_clock::now()); });
}

void RegistryState::tend(TimePoint now) {
  const base::Lock lock(tending);
  recovery.open_found(now);
  if (now < next_look) return;
  next_look = now + look_interval;
  unfinished.retry();
  recovery.look_again();
  recovery.open_found(now);
}

void RegistryState::trim_detached() {
  auto detached = seating.unseated();
  std::erase_if(detached, [](const auto& session) { return !session->may_be_dropped(); });
  if (detached.size() <= limits.max_detached_sessions) return;
  // Each asked once: others change the order meanwhile.
  std::vector<std::pair<std::pair<bool, TimePoint>, std::shared_ptr<Session>>> ordered;
  for (auto& session : detached) ordered.emplace_back(session->drop_order(), std::move(session));
  std::sort(ordered.begin(), ordered.end());
  ordered.resize(ordered.size() - limits.max_detached_sessions);
  for (const auto& [order, session] : ordered) session->leave();
}

Registry::Registry(pipeline::Engine& engine, const Limits& limits, recording::Disk& disk)
    : state_(std::make_unique<RegistryState>(engine, limits, disk)) {}

Registry::~Registry() = default;

void Registry::sweep(TimePoint now) {
  for (const auto& session : state_->seating.sessions()) {
    session->expire_if_idle(now, state_->limits.idle_timeout);
  }
  state_->archive.sweep(now, state_->limits.idle_timeout);
  if (now < state_->next_retention) return;
  state_->next_retention = now + retention_interval;
  remove_old(state_->shelf, state_->limits.retention, std::filesystem::file_time_type::clock::now());
}

void Registry::find_left() {
  state_->recovery.look();
  state_->begin_tidying();
}

void Registry::recover(TimePoint now) {
  state_->recovery.look();
  state_->recovery.open_found(now);
  state_->begin_tidying();
}

void Registry::tend(TimePoint now) {
  if (limits().fsync == Fsync::interval) state_->sync();
  state_->tend(now);
}

void Registry::refuse_new() {
  state_->seating.refuse_new();
}

void Registry::end_sessions(const std::function<bool(const std::string& owner)>& whose) {
  for (const auto& session : state_->seating.sessions()) {
    if (whose(session->owner())) session->leave();
  }
}

std::size_t Registry::active() const {
  return state_->accounts.held(Holding::seat) + state_->accounts.held(Holding::upload);
}

std::size_t Registry::held(Holding what) const {
  return state_->accounts.held(what);
}

std::string Registry::stats_json(TimePoint now, const std::string& owner) const {
  std::vector<Snapshot> snapshots;
  for (const auto& [id, present] : state_->seating.present(owner)) {
    if (present.session) snapshots.push_back(present.session->snapshot(now));
    if (present.upload) snapshots.push_back(snapshot_of(id, *present.upload, now));
  }
  return session::stats_json(snapshots,
                             {state_->limits.max_sessions, state_->memory.used(), state_->memory.limit()});
}

Status Registry::status(const SessionKey& key, TimePoint now) const {
  const auto left = state_->recovery.stage(key);
  const auto session = state_->seating.find(key);
  const Snapshot snapshot = session ? session->snapshot(now) : Snapshot();
  if (session && snapshot.stage != Stage::cleanup) {
    return {snapshot.stage == Stage::processing ? Status::Kind::processing : Status::Kind::receiving,
            session::status_json(snapshot)};
  }
  if (const auto upload = state_->seating.find_upload(key); upload && upload->stage != Stage::cleanup)
    return {Status::Kind::processing, session::status_json(snapshot_of(key.id, *upload, now))};
  if (left) {
    const bool judging = *left == SessionRecord::Stage::ended;
    return {judging ? Status::Kind::processing : Status::Kind::receiving,
            session::status_json(key.id, to_string(judging ? Stage::processing : Stage::receiving_frames))};
  }
  const auto ended = state_->archive.find(key);
  if (!ended) return {Status::Kind::unknown, {}};
  return {ended->succeeded ? Status::Kind::complete : Status::Kind::failed,
          session::status_json(key.id, ended->succeeded ? "COMPLETE" : "FAILED")};
}

base::Result<std::string, Status::Kind> Registry::result(const SessionKey& key) const {
  using Failure = base::Error<Status::Kind>;
  const auto left = state_->recovery.stage(key);
  const auto session = state_->seating.find(key);
  Stage stage = session ? session->stage() : Stage::cleanup;
  if (left && stage == Stage::cleanup)
    stage = *left == SessionRecord::Stage::ended ? Stage::processing : Stage::receiving_frames;
  const auto upload = state_->seating.find_upload(key);
  if (stage == Stage::processing || (upload && upload->stage != Stage::cleanup))
    return Failure{Status::Kind::processing, "The analysis is running"};
  if (stage != Stage::cleanup) {
    return Failure{Status::Kind::receiving,
                   "The phrase is not complete: session_end or the scoring log is missing"};
  }
  const auto ended = state_->archive.find(key);
  if (!ended) return Failure{Status::Kind::unknown, "No session of this id is known here"};
  if (!ended->succeeded) return Failure{Status::Kind::failed, ended->text};
  return ended->text;
}

const Limits& Registry::limits() const {
  return state_->limits;
}

const Counters& Registry::counters() const {
  return state_->counters;
}

Load Registry::load(TimePoint now) const {
  Load load;
  for (const auto& session : state_->seating.sessions())
    load.frames_waiting += session->snapshot(now).frames_waiting;
  load.memory_bytes = state_->memory.used();
  load.max_memory_bytes = state_->memory.limit();
  std::error_code failure;
  const auto space = std::filesystem::space(state_->limits.output_dir, failure);
  if (!failure) load.free_disk_bytes = space.available;
  return load;
}

bool Registry::disk_has_room() const {
  return state_->shelf.has_room();
}

std::chrono::seconds Registry::wait_for_start(const std::string& address, TimePoint now) const {
  return state_->allowance.wait(address, now);
}

}  // namespace piste::session
