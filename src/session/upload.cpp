#include "session/upload.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/file_text.h"
#include "base/log.h"
#include "session/admission.h"
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
  std::filesystem::path video;
  bool succeeded = false;

  const std::string& id() const { return admitted.seat.key().id; }
  base::Result<std::string, UploadError> read_log() const;
  void keep(const std::string& result_json);
};

base::Result<std::unique_ptr<Upload>, UploadError> Upload::begin(Registry& registry, TimePoint now,
                                                                 const Caller& caller) {
  RegistryParts& parts = *registry.parts_;
  auto admitted = parts.admission.admit_upload(caller, now);
  if (!admitted) return Error{kind_of(admitted.error().code), admitted.error().message};
  base::log::info(admitted->seat.key().id, "upload started");
  return std::unique_ptr<Upload>(new Upload(std::make_unique<State>(State{parts.engine,
                                                                          parts.limits,
                                                                          parts.counters,
                                                                          parts.archive,
                                                                          parts.events,
                                                                          parts.sequence,
                                                                          parts.reaper,
                                                                          caller,
                                                                          std::move(*admitted),
                                                                          {},
                                                                          false})));
}

Upload::Upload(std::unique_ptr<State> state) : state_(std::move(state)) {}

// By the reaper: to unlink gigabytes takes its time.
Upload::~Upload() {
  if (state_->succeeded) return;
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
void Upload::State::keep(const std::string& result_json) {
  SessionRecord record;
  record.owner = admitted.seat.key().owner;
  record.start.session_id = admitted.seat.key().id;
  record.stage = SessionRecord::Stage::complete;
  record.sequence = sequence.next();
  succeeded = true;
  if (const auto concluded = admitted.folder->conclude_upload(record); !concluded)
    base::log::warning(id(), "the upload's files may go with the next start: " + concluded.error().message);
  archive.add(admitted.seat.key(), {"", true, result_json, admitted.folder->path(), record.sequence});
  events.state(admitted.seat.key(), "COMPLETE", admitted.folder->name());
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
    if (!progress.decision.empty()) state_->events.decision(key, progress.decision);
  };
  auto outcome = state_->engine.analyze_file(settings, state_->video, *log, tell, cancelled);
  state_->admitted.view->stage = Stage::cleanup;
  if (!outcome) {
    base::log::warning(id, "analysis failed: " + outcome.error().message);
    state_->counters.uploads_failed.add();
    state_->events.state(key, "FAILED");
    return Error{kind_of(outcome.error().code), outcome.error().message};
  }
  base::log::info(id, "analysis done, winner " + std::string(to_string(outcome->winner)));
  state_->counters.uploads_completed.add();
  state_->counters.verdicts[static_cast<std::size_t>(outcome->winner)].add();
  state_->counters.stages.add(outcome->timings);
  state_->keep(outcome->result_json);
  return std::move(outcome->result_json);
}

}  // namespace piste::session
