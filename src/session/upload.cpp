#include "session/upload.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "base/log.h"
#include "session/admission.h"
#include "session/phrase_folder.h"
#include "session/registry_state.h"
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

}  // namespace

struct Upload::State {
  RegistryState& registry;
  const Caller caller;
  Accounts::Held on_its_way;  // until it has a seat
  Seat seat;
  std::unique_ptr<PhraseFolder> folder;
  std::shared_ptr<UploadView> view;
  std::filesystem::path video;
  bool succeeded = false;

  std::string id() const { return "upload-" + folder->name(); }
  base::Result<std::string, UploadError> read_log() const;
  void keep(const std::string& result_json);
};

base::Result<std::unique_ptr<Upload>, UploadError> Upload::begin(Registry& registry, TimePoint now,
                                                                 const Caller& caller) {
  RegistryState& state = *registry.state_;
  if (!state.shelf.has_room()) return Error{UploadError::busy, "Not enough disk space on the server"};
  if (const auto problem = state.seating.objection(caller)) return Error{UploadError::busy, problem->message};
  Accounts::Held on_its_way;
  if (state.accounts.take(on_its_way, caller, Holding::upload)) {
    return Error{UploadError::busy, "Too many uploads are on their way"};
  }
  auto folder = PhraseFolder::create_for_upload(state.shelf);
  if (!folder && folder.error().code == recording::ErrorCode::full)
    return Error{UploadError::busy, "Not enough disk space on the server"};
  if (!folder) return Error{UploadError::failed, "The server cannot make a folder for the phrase"};
  auto view = std::make_shared<UploadView>();
  view->started = now;
  auto made = std::make_unique<State>(
      State{state, caller, std::move(on_its_way), {}, std::move(*folder), view, {}, false});
  std::unique_ptr<Upload> upload(new Upload(std::move(made)));  // from here on, it removes the folder
  const std::string id = upload->state_->id();
  if (const auto wait = state.allowance.take(caller.address, now)) {
    return Error{UploadError::too_many, too_many_text(state.limits, *wait)};
  }
  upload->state_->seat = state.seating.keep({caller.owner, id});
  state.seating.occupy(upload->state_->seat, nullptr, view);
  base::log::info(id, "upload started");
  return upload;
}

Upload::Upload(std::unique_ptr<State> state) : state_(std::move(state)) {}

// By the reaper: to unlink gigabytes takes its time.
Upload::~Upload() {
  if (state_->succeeded) return;
  std::shared_ptr<PhraseFolder> folder = std::move(state_->folder);
  state_->registry.reaper.add({[] {}, [folder] { folder->remove(); }});
}

std::filesystem::path Upload::video_path(std::string_view extension) {
  state_->video = state_->folder->path() / ("phrase." + usable_extension(extension));
  return state_->video;
}

std::filesystem::path Upload::signal_path() const {
  return state_->folder->signal_path();
}

base::Result<std::string, UploadError> Upload::State::read_log() const {
  std::ifstream file(folder->signal_path(), std::ios::binary);
  if (!file) return std::string();  // none was sent
  std::string log(std::istreambuf_iterator<char>(file), {});
  if (log.size() > registry.limits.max_signal_bytes) {
    const auto most = std::to_string(registry.limits.max_signal_bytes);
    return Error{UploadError::bad_log, "A scoring log may have " + most + " bytes"};
  }
  const auto checked = registry.engine.check_log(log);
  if (!checked) return Error{UploadError::bad_log, checked.error().message};
  return log;
}

// The result is known under its session_id from now on, also after a restart.
void Upload::State::keep(const std::string& result_json) {
  SessionRecord record;
  record.owner = seat.key().owner;
  record.start.session_id = seat.key().id;
  record.stage = SessionRecord::Stage::complete;
  record.sequence = registry.next_sequence();
  succeeded = true;
  if (const auto concluded = folder->conclude_upload(record); !concluded)
    base::log::warning(id(), "the upload's files may go with the next start: " + concluded.error().message);
  registry.archive.add(seat.key(), {"", true, result_json, folder->path(), record.sequence});
}

base::Result<base::Done, UploadError> Upload::take_seat() {
  if (const auto seated = state_->seat.reclaim(state_->caller); !seated) {
    return Error{UploadError::busy, seated.error().message};
  }
  state_->on_its_way.give_back();
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
  settings.hits = options.hits;
  settings.include_keypoints = options.include_keypoints;
  settings.save_overlay = options.save_overlay;
  settings.directory = state_->folder->path();
  settings.started = state_->view->started;
  state_->view->stage = Stage::processing;
  auto outcome =
      state_->registry.engine.analyze_file(settings, state_->video, *log, [](const auto&) {}, cancelled);
  state_->view->stage = Stage::cleanup;
  if (!outcome) {
    base::log::warning(id, "analysis failed: " + outcome.error().message);
    state_->registry.counters.uploads_failed.add();
    return Error{kind_of(outcome.error().code), outcome.error().message};
  }
  base::log::info(id, "analysis done, winner " + std::string(to_string(outcome->winner)));
  state_->registry.counters.uploads_completed.add();
  state_->registry.counters.verdicts[static_cast<std::size_t>(outcome->winner)].add();
  state_->registry.counters.stages.add(outcome->timings);
  state_->keep(outcome->result_json);
  return std::move(outcome->result_json);
}

}  // namespace piste::session
