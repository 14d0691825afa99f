#include "session/upload.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/file_text.h"
#include "base/log.h"
#include "session/admission.h"
#include "session/directory.h"
#include "session/job.h"
#include "session/phrase_folder.h"
#include "session/registry_parts.h"
#include "session/session_file.h"

namespace piste::session {
namespace {

using Error = base::Error<UploadError>;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The extension as it may be used: lower case, and none of ours.
std::string usable_extension(std::string_view extension) {
  if (extension.starts_with('.')) extension.remove_prefix(1);
  std::string lower(extension);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool plain = !lower.empty() && lower.size() <= 5 && std::all_of(lower.begin(), lower.end(), is_plain);
  return plain && lower != "txt" ? lower : "video";
}

UploadError kind_of(pipeline::ErrorCode code) {
  switch (code) {
    case pipeline::ErrorCode::log:
      return UploadError::bad_log;
    case pipeline::ErrorCode::video:
    case pipeline::ErrorCode::frame:
      return UploadError::bad_video;
    default:
      return UploadError::failed;
  }
}

UploadError kind_of(AdmissionError error) {
  switch (error) {
    case AdmissionError::too_many:
      return UploadError::too_many;
    case AdmissionError::failed:
      return UploadError::failed;
    default:
      return UploadError::busy;
  }
}

}  // namespace

struct Upload::State {
  pipeline::Engine& engine;
  const Limits& limits;
  Counters& counters;
  Archive& archive;
  Events& events;
  PhraseSequence& sequence;
  Reaper& reaper;
  const Caller caller;
  AdmittedUpload admitted;
  Directory* const directory;
  std::filesystem::path video;
  std::optional<Job> job = {};           // it is kept for later
  std::optional<SharedJob> shared = {};  // and any node may judge it
  bool succeeded = false;

  const std::string& id() const { return admitted.seat.key().id; }
  base::Result<std::string, UploadError> read_log() const;
  void keep(const UploadOptions& options, const std::string& result_json);
  SessionRecord session_record() const;
  bool put(const Job& changed);
  void take_attempt_back();
  void progressed(double progress);
  void tell_nodes() const;
};

base::Result<std::unique_ptr<Upload>, UploadError> Upload::begin(Registry& registry, TimePoint now,
                                                                 const Caller& caller, Judged judged) {
  RegistryParts& parts = *registry.parts_;
  auto admitted = parts.admission.admit_upload(caller, judged, now);
  if (!admitted) return Error{kind_of(admitted.error().code), admitted.error().message};
  base::log::info(admitted->seat.key().id, "upload started");
  return made(parts, caller, std::move(*admitted));
}

std::unique_ptr<Upload> Upload::made(RegistryParts& parts, const Caller& caller, AdmittedUpload admitted) {
  return std::unique_ptr<Upload>(new Upload(std::make_unique<State>(State{parts.engine,
                                                                          parts.limits,
                                                                          parts.counters,
                                                                          parts.archive,
                                                                          parts.events,
                                                                          parts.sequence,
                                                                          parts.reaper,
                                                                          caller,
                                                                          std::move(admitted),
                                                                          parts.directory,
                                                                          {}})));
}

std::unique_ptr<Upload> Upload::take_kept(Registry& registry, TimePoint now) {
  RegistryParts& parts = *registry.parts_;
  auto left = parts.recovery.take_job();
  if (!left) return nullptr;
  Caller caller;  // nobody waits for it
  caller.owner = left->job.owner;
  auto upload =
      made(parts, caller, parts.admission.admit_left(caller, std::move(left->folder), KeptBy::node, now));
  State& state = *upload->state_;
  state.video = state.admitted.folder->path() / left->job.video;
  state.job = std::move(left->job);
  state.tell_nodes();
  base::log::info(state.id(), "an upload of an earlier run, to be judged");
  return upload;
}

namespace {

// Where it was judged here, and the nodes have not heard of it, they hear it now. Else another node may have
// it, or this one a little later.
void leave(const SharedJob& job, const Shelf& shelf, Directory& directory, const std::string& why) {
  const auto folder = shelf.path / job.folder;
  if (auto result = PhraseFolder::result_in(folder)) {
    base::log::info(job.key.id, "it was judged here before, and the nodes had not heard of it");
    return directory.ended(job.key, {"", true, std::move(*result), folder, 0});
  }
  base::log::warning(job.key.id, "an upload cannot be taken: " + why);
  directory.jobs()->give_back(job);
}

}  // namespace

std::unique_ptr<Upload> Upload::take_shared(Registry& registry, TimePoint now) {
  RegistryParts& parts = *registry.parts_;
  SharedJobs* const jobs = registry.shared_jobs();
  if (!jobs || parts.seating.objection({})) return nullptr;
  auto taken = jobs->take();
  if (!taken) return nullptr;
  auto folder = PhraseFolder::create_for_shared(parts.shelf, taken->folder);
  if (!folder) {
    leave(*taken, parts.shelf, *parts.directory, folder.error().message);
    return nullptr;
  }
  Caller caller;  // nobody waits for it
  caller.owner = taken->key.owner;
  auto upload =
      made(parts, caller, parts.admission.admit_left(caller, std::move(*folder), KeptBy::cluster, now));
  State& state = *upload->state_;
  state.video = state.admitted.folder->path() / taken->job.video;
  state.job = taken->job;
  state.shared = std::move(*taken);
  base::log::info(state.id(), "an upload that the nodes share, to be judged here");
  return upload;
}

Upload::Upload(std::unique_ptr<State> state) : state_(std::move(state)) {}

// By the reaper: to unlink gigabytes takes its time.
Upload::~Upload() {
  if (state_->succeeded || (state_->job && !state_->shared)) return;
  std::shared_ptr<PhraseFolder> folder = std::move(state_->admitted.folder);
  state_->reaper.add({[] {}, [folder] { folder->remove(); }});
}

std::filesystem::path Upload::video_path(std::string_view extension) {
  state_->video = state_->admitted.folder->path() / ("phrase." + usable_extension(extension));
  return state_->video;
}

std::filesystem::path Upload::signal_path() const {
  return state_->admitted.folder->signal_path();
}

base::Result<std::string, UploadError> Upload::State::read_log() const {
  auto sent = base::file_text(admitted.folder->signal_path());
  if (!sent) return std::string();  // none was sent
  std::string log = std::move(*sent);
  if (log.size() > limits.max_signal_bytes) {
    const auto most = std::to_string(limits.max_signal_bytes);
    return Error{UploadError::bad_log, "A scoring log may have " + most + " bytes"};
  }
  const auto checked = engine.check_log(log);
  if (!checked) return Error{UploadError::bad_log, checked.error().message};
  return log;
}

// The result is known under its session_id from now on, also after a restart.
void Upload::State::keep(const UploadOptions& options, const std::string& result_json) {
  SessionRecord record = session_record();
  record.start.weapon = options.weapon;
  record.start.marks = options.marks;
  record.stage = SessionRecord::Stage::complete;
  record.sequence = sequence.next();
  succeeded = true;
  if (const auto concluded = admitted.folder->conclude_upload(record); !concluded)
    base::log::warning(id(), "the upload's files may go with the next start: " + concluded.error().message);
  archive.add(admitted.seat.key(), {"", true, result_json, admitted.folder->path(), record.sequence});
  events.state(admitted.seat.key(), "COMPLETE", admitted.folder->name());
}

SessionRecord Upload::State::session_record() const {
  SessionRecord record;
  record.owner = admitted.seat.key().owner;
  record.start.session_id = admitted.seat.key().id;
  return record;
}

bool Upload::State::put(const Job& changed) {
  if (const auto put = admitted.folder->put_job(changed); !put) {
    base::log::warning(id(), put.error().message);
    return false;
  }
  job = changed;
  return true;
}

// Of one that the nodes share, whoever gives it back to them does so.
void Upload::State::take_attempt_back() {
  if (shared) return;
  Job again = *job;
  --again.attempts;
  put(again);
}

void Upload::State::progressed(double progress) {
  admitted.view->progress = progress;
  if (shared) directory->jobs()->progress(*shared, progress);
}

void Upload::State::tell_nodes() const {
  if (!directory) return;
  const std::string folder = admitted.folder->name();
  directory->put(session_record(), folder, admitted.view->started);
  directory->processing(session_record(), folder);
}

const std::string& Upload::id() const {
  return state_->id();
}

const SessionKey& Upload::key() const {
  return state_->admitted.seat.key();
}

const std::vector<std::pair<std::string, std::string>>& Upload::options() const {
  return state_->job->options;
}

base::Result<base::Done, UploadError> Upload::keep(const UploadOptions& options) {
  const auto log = state_->read_log();
  if (!log) return log.error();
  State& state = *state_;
  if (!state.put({state.admitted.seat.key().owner, state.video.filename().string(), options.said, 0, ""}))
    return Error{UploadError::busy, "The server's disk does not take it"};
  state.admitted.on_its_way.give_back();
  state.tell_nodes();
  base::log::info(id(), "upload kept, to be judged later");
  return base::Done{};
}

std::vector<std::filesystem::path> Upload::files() const {
  return {state_->video, signal_path()};
}

SharedJob Upload::to_share() const {
  return {state_->admitted.seat.key(), state_->admitted.folder->name(), *state_->job, 0};
}

// At once: this node may be the one that takes it next.
void Upload::leave_to_nodes() {
  base::log::info(id(), "any node may judge the upload");
  state_->admitted.folder->remove();
  state_->admitted.seat.give_back();
}

const SharedJob* Upload::shared() const {
  return state_->shared ? &*state_->shared : nullptr;
}

bool Upload::ended() const {
  return state_->admitted.view->ended;
}

void Upload::fail(const std::string& why) {
  State& state = *state_;
  Job over = *state.job;
  over.error = why;
  if (!state.shared) state.admitted.folder->give_up(over);
  state.archive.add(state.admitted.seat.key(),
                    {"", false, why, state.admitted.folder->path(), state.sequence.next()});
  state.admitted.view->stage = Stage::cleanup;
  state.events.state(state.admitted.seat.key(), "FAILED");
}

base::Result<base::Done, UploadError> Upload::take_seat() {
  if (const auto seated = state_->admitted.seat.reclaim(state_->caller); !seated) {
    return Error{UploadError::busy, seated.error().message};
  }
  state_->admitted.on_its_way.give_back();
  return base::Done{};
}

base::Result<std::string, UploadError> Upload::analyze(const UploadOptions& options,
                                                       const std::function<bool()>& cancelled) {
  const std::string id = state_->id();
  if (const auto seated = take_seat(); !seated) return seated.error();
  const auto log = state_->read_log();
  if (!log) return log.error();
  if (state_->job && !state_->shared) {
    Job begun = *state_->job;
    ++begun.attempts;
    if (!state_->put(begun)) return Error{UploadError::busy, "The server's disk does not take it"};
  }
  pipeline::PhraseSettings settings;
  settings.id = id;
  settings.weapon = options.weapon;
  settings.lamps = options.lamps;
  settings.marks = options.marks;
  settings.hits = options.hits;
  settings.include_keypoints = options.include_keypoints;
  settings.save_overlay = options.save_overlay;
  settings.over_http = true;
  settings.directory = state_->admitted.folder->path();
  settings.started = state_->admitted.view->started;
  state_->admitted.view->stage = Stage::processing;
  const SessionKey& key = state_->admitted.seat.key();
  state_->events.state(key, to_string(Stage::processing));
  const auto tell = [&](const pipeline::Progress& progress) {
    if (progress.stage == "yolo") state_->progressed(progress.progress);
    if (!progress.decision.empty()) state_->events.decision(key, progress.decision);
  };
  const auto stopped = [&] { return cancelled && cancelled(); };
  const auto over = [&] { return stopped() || ended(); };
  auto outcome = state_->engine.analyze_file(settings, state_->video, *log, tell, over);
  if (!outcome && state_->job && stopped()) {
    state_->take_attempt_back();
    return Error{UploadError::busy, "The service is shutting down"};
  }
  if (!outcome) {
    base::log::warning(id, "analysis failed: " + outcome.error().message);
    state_->counters.uploads_failed.add();
    if (!state_->job) {  // else fail() says so
      state_->admitted.view->stage = Stage::cleanup;
      state_->events.state(key, "FAILED");
    }
    return Error{kind_of(outcome.error().code), outcome.error().message};
  }
  base::log::info(id, "analysis done, winner " + std::string(to_string(outcome->winner)));
  state_->counters.uploads_completed.add();
  state_->counters.verdicts[static_cast<std::size_t>(outcome->winner)].add();
  state_->counters.stages.add(outcome->timings);
  state_->keep(options, outcome->result_json);
  state_->admitted.view->stage = Stage::cleanup;  // only now: who asks finds the one or the other
  return std::move(outcome->result_json);
}

}  // namespace piste::session
