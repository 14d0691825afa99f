#include "session/session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/log.h"
#include "protocol/print.h"
#include "session/directory.h"

namespace piste::session {
namespace {

using protocol::FrameStatus;

std::string frame_text(std::int64_t number) {
  return "frame " + std::to_string(number);
}

// For the time of a call: whoever keeps them longer moves them.
std::shared_ptr<const types::Bytes> borrowed(const types::Bytes& bytes) {
  return {std::shared_ptr<void>(), &bytes};
}

Refusal refusal_of(StoreError error) {
  switch (error) {
    case StoreError::gone:
      return Refusal::gone;
    case StoreError::no_room:
      return Refusal::no_room;
    case StoreError::failed:
      break;
  }
  return Refusal::failed;
}

base::Error<Refusal> gone() {
  return {Refusal::gone, "The session has ended"};
}

}  // namespace

Session::Session(const Shared& shared, PhraseFolder::Opened opened, Seat seat,
                 std::shared_ptr<Channel> channel, TimePoint now, Caller caller)
    : shared_(shared),
      record_(*opened.folder->record()),
      started_(now),
      number_(seat.number()),
      attachment_(std::move(channel)),
      store_(shared.store, std::move(opened)),
      bout_(shared.bout, record_, store_, attachment_),
      intake_(start_, shared.limits, shared.counters),
      last_activity_(now),
      caller_(std::move(caller)),
      seat_(std::move(seat)) {}

pipeline::PhraseSettings Session::settings() const {
  pipeline::PhraseSettings settings;
  settings.id = id();
  settings.width = start_.width;
  settings.height = start_.height;
  settings.fps = start_.fps;
  settings.timestamps = start_.timestamps;
  settings.weapon = start_.weapon;
  settings.marks = start_.marks;
  settings.include_keypoints = start_.include_keypoints;
  settings.save_overlay = start_.save_overlay;
  settings.over_http = !start_.bout;
  settings.kept = std::chrono::duration<double>(shared_.limits.bout_kept).count();
  settings.started = started_;
  return settings;
}

void Session::begin_analysis() {
  if (start_.bout) return begin_bout();
  pipeline::PhraseObserver observer;
  observer.on_progress = [self = weak_from_this()](const pipeline::Progress& progress) {
    if (const auto session = self.lock()) session->on_progress(progress);
  };
  observer.on_done = [self = weak_from_this()](pipeline::Result<pipeline::Outcome> outcome) {
    if (const auto session = self.lock()) session->on_done(std::move(outcome));
  };
  observer.on_sight = [self = weak_from_this()](const types::SeenFencers& sight) {
    if (const auto session = self.lock()) session->on_sight(sight);
  };
  store_.begin_analysis(settings(), std::move(observer));
}

void Session::begin_bout() {
  pipeline::BoutObserver observer;
  observer.on_decision = [self = weak_from_this()](int number, const std::string& decision) {
    if (const auto session = self.lock()) session->bout_.on_decision(number, decision);
  };
  observer.on_phrase = [self = weak_from_this()](const pipeline::BoutPhrase& phrase) {
    if (const auto session = self.lock()) session->bout_.on_phrase(phrase);
  };
  observer.on_done = [self = weak_from_this()](pipeline::Result<pipeline::Outcome> outcome) {
    if (const auto session = self.lock()) session->on_done(std::move(outcome));
  };
  observer.on_lag = [self = weak_from_this()](const types::PictureLag& lag) {
    if (const auto session = self.lock()) session->bout_.on_lag(lag);
  };
  observer.on_sight = [self = weak_from_this()](const types::SeenFencers& sight) {
    if (const auto session = self.lock()) session->on_sight(sight);
  };
  auto asked = settings();
  bout_.prepare(asked);
  store_.begin_bout(std::move(asked), std::move(observer));
  bout_.listen();
}

void Session::say(const std::string& text) const {
  base::log::info(id(), text);
}

Stage Session::stage() const {
  const base::Lock lock(state_mutex_);
  return stage_;
}

void Session::tell(std::string_view state, std::string_view folder) const {
  if (!seat_.holds_id()) return;
  shared_.events.state(seat_.key(), state, folder);
  if (!shared_.directory) return;
  const std::string folder_name = this->folder();
  if (state == to_string(Stage::processing)) shared_.directory->processing(record_, folder_name);
  if (state == gone_state) shared_.directory->gone(record_, folder_name);
}

void Session::tell_nodes() const {
  if (shared_.directory) shared_.directory->put(record_, folder(), started_);
}

void Session::set(Stage stage) {
  stage_ = stage;
  tell(to_string(stage));
}

void Session::touch(TimePoint now) {
  const base::Lock lock(state_mutex_);
  last_activity_ = std::max(last_activity_, now);
}

std::optional<std::string> Session::objection(const protocol::FrameHeader& header) const {
  if (intake_.numbers().contains(header.number))
    return std::nullopt;  // a duplicate is always answered as one
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::frames_complete || stage_ == Stage::processing)
      return "Frame " + std::to_string(header.number) + " came after session_end";
  }
  return intake_.gate().objection(header);
}

base::Error<Refusal> Session::reject(std::string reason) {
  intake_.refused(reason);
  return {Refusal::refused, std::move(reason)};
}

Taken<FrameStatus> Session::take(const protocol::FrameHeader& header, types::Bytes&& bytes) {
  if (!alive()) return gone();
  if (intake_.numbers().contains(header.number)) {
    intake_.took_again();
    return FrameStatus::duplicate;
  }
  if (auto reason = objection(header)) return reject(std::move(*reason));
  if (auto reason = intake_.gate().size_objection(bytes.size())) return reject(std::move(*reason));
  const std::size_t size = bytes.size();
  types::EncodedFrame frame{header.number, header.timestamp, header.encoding,
                            start_.width,  start_.height,    borrowed(bytes)};
  const auto checked = shared_.store.engine.check_frame(frame);
  if (!checked) {
    return reject("Failed to decode " + frame_text(header.number) + ": " + checked.error().message);
  }
  if (auto reason = intake_.gate().key_objection(checked->key))
    return reject("Cannot take " + frame_text(header.number) + ": " + *reason);
  frame.key = checked->key;
  live_picture_.keep(frame, std::chrono::steady_clock::now());
  if (const auto stored = store_.store(std::move(frame), std::move(bytes)); !stored) {
    if (stored.error().code == StoreError::gone) return gone();
    auto error = reject("Cannot store " + frame_text(header.number) + ": " + stored.error().message);
    error.code = refusal_of(stored.error().code);
    return error;
  }
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::create) set(Stage::receiving_frames);
  }
  intake_.took(header, size, checked->key);
  return FrameStatus::received;
}

// Stored first: what is acknowledged must be there after a kill.
Taken<protocol::Validation> Session::end(std::optional<std::int64_t> total_frames, std::string problem,
                                         TimePoint now) {
  if (!alive()) return gone();
  if (const auto stored = store_.end(total_frames); !stored) {
    if (stored.error().code == StoreError::gone) return gone();
    base::log::warning(id(), "session_end not stored: " + stored.error().message);
    return base::Error<Refusal>{refusal_of(stored.error().code),
                                "Cannot store the end of the session: " + stored.error().message};
  }
  bool has_signal = false;
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup) return gone();
    if (stage_ == Stage::create || stage_ == Stage::receiving_frames) {
      set(Stage::frames_complete);
      intake_.set_duration(seconds(now - started_));
    }
    has_signal = has_signal_;
  }
  const auto validation = intake_.end(total_frames, std::move(problem), has_signal);
  std::string text = "frames complete: " + std::to_string(validation.frame_count) + " received";
  for (const std::string& issue : validation.issues) text += "; " + issue;
  say(text);
  return validation;
}

Taken<base::Done> Session::take_signal(std::string log) {
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup) return gone();
    if (start_.bout)
      return base::Error<Refusal>{Refusal::refused,
                                  "A bout has no scoring log: its hits are told as they come"};
    if (stage_ == Stage::processing) {
      return base::Error<Refusal>{Refusal::refused,
                                  "The analysis is running already, with the scoring log sent first"};
    }
  }
  const std::size_t most = shared_.limits.max_signal_bytes;
  if (log.size() > most) {
    return base::Error<Refusal>{Refusal::refused,
                                "A scoring log may have " + std::to_string(most) + " bytes"};
  }
  if (const auto checked = shared_.store.engine.check_log(log); !checked) {
    base::log::warning(id(), "scoring log not accepted: " + checked.error().message);
    return base::Error<Refusal>{Refusal::refused, checked.error().message};
  }
  if (const auto saved = store_.save_signal(log); !saved) {
    base::log::warning(id(), "scoring log not stored: " + saved.error().message);
    if (saved.error().code == StoreError::failed)
      return base::Error<Refusal>{Refusal::failed, "Cannot store the scoring log: " + saved.error().message};
    return base::Error<Refusal>{Refusal::no_room, "The server cannot store the scoring log now"};
  }
  say("scoring log received, " + std::to_string(log.size()) + " bytes");
  signal_ = std::move(log);
  const base::Lock lock(state_mutex_);
  has_signal_ = true;
  return base::Done{};
}

bool Session::ready() const {
  const base::Lock lock(state_mutex_);
  return stage_ == Stage::frames_complete && (signal_ || start_.bout);
}

void Session::process() {
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup) return;
    set(Stage::processing);
    log_came_ = std::chrono::steady_clock::now();
  }
  say("analysis started");
  store_.finish(std::move(signal_).value_or(""), intake_.stats());
}

// Progress before the signal's answer would be taken for the answer to a frame by clients that count answers.
void Session::on_progress(const pipeline::Progress& progress) {
  const double done = std::isfinite(progress.progress) ? std::clamp(progress.progress, 0.0, 1.0) : 0;
  const bool decided = !progress.decision.empty();
  {
    const base::Lock lock(state_mutex_);
    if (stage_ != Stage::processing) return;
    if (!throttle_.passes(progress.stage, done, std::chrono::steady_clock::now()) && !decided) return;
    if (decided && seat_.holds_id()) shared_.events.decision(seat_.key(), progress.decision);
  }
  const protocol::ProcessProgress message{id(), progress.stage, done, progress.message, progress.decision};
  if (decided) {
    attachment_.remember(protocol::print(message));
  } else {
    attachment_.send(protocol::print(message), true);
  }
}

void Session::on_sight(const types::SeenFencers& sight) {
  const base::Lock lock(state_mutex_);
  if (seat_.holds_id()) shared_.events.sight(seat_.key(), sight);
}

Snapshot Session::snapshot(TimePoint now) const {
  Snapshot result;
  result.id = id();
  result.fps = start_.fps;
  result.width = start_.width;
  result.height = start_.height;
  result.expected_frames = start_.expected_frames;
  result.memory_bytes = store_.memory_bytes();
  result.frames_waiting = store_.frames_waiting();
  result.stats = intake_.stats();
  result.stats.duration_seconds = seconds(now - started_);
  const base::Lock lock(state_mutex_);
  result.stage = stage_;
  result.has_signal = has_signal_;
  result.attached = seat_.holds_seat();
  result.idle_seconds = std::max(0.0, seconds(now - last_activity_));
  return result;
}

}  // namespace piste::session
