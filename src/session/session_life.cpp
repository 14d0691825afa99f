// How a session changes its connection, and how it ends; the messages are in session.cpp.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "protocol/print.h"
#include "session/directory.h"
#include "session/session.h"

namespace piste::session {
namespace {

// A camera's frames come over a network, the first ones late: their time is a little shorter than the film.
constexpr double least_live_share = 0.9;

constexpr std::chrono::seconds patience{5};  // after a start, with a database that does not answer yet

}  // namespace

void Session::count_end(const pipeline::Result<pipeline::Outcome>& outcome) const {
  Counters& counters = shared_.counters;
  if (!outcome) {
    counters.sessions_failed.add();
    counters.count(protocol::ErrorCode::processing_failed);
    return;
  }
  counters.sessions_completed.add();
  if (!record_.start.bout) counters.verdicts[static_cast<std::size_t>(outcome->winner)].add();
  counters.result_time.add(std::chrono::steady_clock::now() - log_came_);
  counters.stages.add(outcome->timings);
  counters.frames_undecodable.add(static_cast<std::uint64_t>(outcome->undecodable_frames));
  // What came in faster than it was filmed had been filmed before: a file, which could have been uploaded at
  // once.
  const auto stats = intake_.stats();
  const double filmed = static_cast<double>(stats.frames_received) / record_.start.fps;
  if (stats.duration_seconds >= least_live_share * filmed) {
    counters.milliseconds_saved.add(static_cast<std::uint64_t>(1000 * filmed));
  }
}

void Session::on_done(pipeline::Result<pipeline::Outcome> outcome) {
  Ended ended{record_.token_hash, outcome.ok(), outcome.ok() ? std::string() : outcome.error().message,
              outcome.ok() ? store_.path() : std::filesystem::path(), record_.sequence};
  if (outcome) ended.text = outcome->result_kept ? std::move(outcome->result_json) : outcome->result_json;
  std::string message = last_message(id(), ended);
  const base::Lock lock(state_mutex_);
  if (stage_ == Stage::cleanup) return;
  count_end(outcome);
  if (ended.succeeded) {
    keep_ = Keep::result;
    outcome_ = std::move(*outcome);
    say(start_.bout ? "the bout is over"
                    : "analysis done, winner " + std::string(to_string(outcome_.winner)));
  } else {
    base::log::error(id(), "analysis failed: " + ended.text);
  }
  const std::string folder = ended.directory.filename().string();
  const bool succeeded = ended.succeeded;
  if (seat_.holds_id()) shared_.archive.add(seat_.key(), std::move(ended));
  tell(succeeded ? "COMPLETE" : "FAILED", folder);
  retire();
  attachment_.send(std::move(message));
}

// state_mutex_ stays held until the last message is on its way, so nobody sees the end before that message.
// The place is free before the client hears of the end, so it may start its next session at once.
void Session::retire() {
  stage_ = Stage::cleanup;
  left_phrase_.give_back();
  shared_.reaper.add({[self = shared_from_this()] { self->store_.abandon(); },
                      [self = shared_from_this()] { self->dispose(); }});
  seat_.give_back();
}

bool Session::lose(const Channel& channel) {
  const auto turn = attachment_.turn(channel);
  if (!turn) return false;
  attachment_.detach();
  store_.stand_back(true);  // nobody waits, until somebody resumes
  const base::Lock lock(state_mutex_);
  if (stage_ == Stage::cleanup) return false;
  seat_.vacate();
  if (stage_ == Stage::processing) left_phrase_ = shared_.accounts.charge(caller_, Holding::left_phrase);
  say("connection lost; the session may be resumed");
  return true;
}

base::Result<base::Done, SeatError> Session::resume(const Caller& caller, std::shared_ptr<Channel> channel,
                                                    TimePoint now) {
  const auto turn = attachment_.turn();
  if (!processing()) begin_analysis();
  bool was_left = false;
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup) return base::Error<SeatError>{SeatError::gone, "The session has ended"};
    if (auto seated = seat_.reclaim(caller); !seated) return seated;
    left_phrase_.give_back();
    caller_ = caller;
    last_activity_ = std::max(last_activity_, now);
    protocol::SessionResumed greeting{id(), std::string(to_string(stage_)), {}, has_signal_};
    for (const auto& [first, last] : intake_.numbers().ranges()) greeting.ranges.push_back({first, last});
    attachment_.attach(std::move(channel), protocol::print(greeting));
    say("session resumed, " + std::to_string(intake_.stats().frames_received) + " frames are here");
    was_left = std::exchange(left_to_another_, false);
    if (was_left) queued_ = false;
  }
  if (was_left) {
    count_attempt();
    begin_analysis();
    process();
  }
  shared_.backlog.hurry(number_);
  store_.stand_back(false);
  return base::Done{};
}

void Session::give_way() {
  if (!processing()) leave();
}

std::optional<std::pair<bool, TimePoint>> Session::drop_order() const {
  const base::Lock lock(state_mutex_);
  if (stage_ == Stage::processing || stage_ == Stage::cleanup) return std::nullopt;
  return std::pair(stage_ == Stage::frames_complete, last_activity_);
}

bool Session::leave() {
  const base::Lock lock(state_mutex_);
  if (stage_ == Stage::cleanup) return false;
  say("session ended without a result");
  tell(gone_state);
  shared_.counters.sessions_dropped.add();
  retire();
  return true;
}

void Session::expire_if_idle(TimePoint now, std::chrono::seconds timeout) {
  if (start_.bout && end_if_idle(now, timeout)) return;
  const base::Lock lock(state_mutex_);
  const auto idle = now - last_activity_;
  if (stage_ == Stage::processing || stage_ == Stage::cleanup || idle < timeout) return;
  const auto whole = std::chrono::floor<std::chrono::seconds>(idle).count();
  const std::string text = "Session timeout: no activity for " + std::to_string(whole) + " seconds";
  base::log::warning(id(), text);
  shared_.counters.sessions_dropped.add();
  shared_.counters.count(protocol::ErrorCode::session_timeout);
  tell(gone_state);
  retire();
  attachment_.send(
      protocol::print(protocol::Error{id(), protocol::ErrorCode::session_timeout, text, false, {}}));
  constexpr int going_away = 1001;
  attachment_.close(going_away, "session timeout");
}

// A bout that nobody goes on with has phrases that are worth something: it ends as if session_end had come.
bool Session::end_if_idle(TimePoint now, std::chrono::seconds timeout) {
  {
    const base::Lock lock(state_mutex_);
    const bool open = stage_ == Stage::receiving_frames || stage_ == Stage::frames_complete;
    if (!open || now - last_activity_ < timeout) return false;
  }
  const auto turn = attachment_.turn();
  begin_analysis();
  if (!end({}, {}, now) || !ready()) return false;
  process();
  return true;
}

void Session::suspend() {
  const base::Lock lock(state_mutex_);
  if (stage_ == Stage::cleanup) return;
  say("kept on disk for the next start");
  keep_ = Keep::everything;
  retire();
}

void Session::restore() {
  const base::Lock lock(state_mutex_);
  intake_.restore(store_.entries(), record_.total_frames);
  const bool empty = intake_.stats().frames_received == 0;
  signal_ = store_.saved_signal();
  has_signal_ = signal_.has_value();
  if (!empty) stage_ = Stage::receiving_frames;
  if (record_.stage == SessionRecord::Stage::receiving) return;
  stage_ = (has_signal_ || start_.bout) && !empty ? Stage::processing : Stage::frames_complete;
}

void Session::queue() {
  {
    const base::Lock lock(state_mutex_);
    queued_ = true;
  }
  shared_.backlog.add(number_, [session = shared_from_this()] { return session->analyse_again(); });
}

void Session::queue_again() {
  {
    const base::Lock lock(state_mutex_);
    if (!left_to_another_ || queued_) return;
  }
  queue();
}

// A phrase whose client went on at another node, with all its frames, is that node's: judged here too it
// would be there twice. It is this node's again when its client comes here, or the other node has gone.
bool Session::analyse_again() {
  using Whose = Directory::Whose;
  Whose whose = Whose::ours;  // this waits for the database
  if (shared_.directory) whose = shared_.directory->whose(record_.key(), record_.token_hash, folder());
  const bool soon = std::chrono::steady_clock::now() - started_ < patience;
  const bool asked_again = whose == Whose::anothers || (whose == Whose::away && soon);
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup || !std::exchange(queued_, false)) return false;
    const bool awaited = seat_.holds_seat();
    left_to_another_ = asked_again && !awaited;
    if (left_to_another_) return false;
    if (whose == Whose::judged && !awaited) {
      say("another node has judged it: what is here goes");
      retire();
      return false;
    }
  }
  count_attempt();
  const auto turn = attachment_.turn();  // not while the disk works: a connection's messages wait for it
  begin_analysis();
  process();
  return true;
}

void Session::count_attempt() {
  if (const auto saved = store_.begin_attempt(); !saved) base::log::warning(id(), saved.error().message);
}

void Session::dispose() {
  Keep keep = Keep::nothing;
  pipeline::Outcome outcome;
  {
    const base::Lock lock(state_mutex_);
    keep = keep_;
    outcome = std::move(outcome_);
  }
  bout_.stop();
  store_.dispose(keep, std::move(outcome));
  shared_.backlog.ended(number_);
}

// A promise that was given cannot be kept: who is there hears it, and nothing more is taken.
void Session::sync() {
  const auto synced = store_.sync();
  if (synced) return;
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup || std::exchange(told_of_disk_, true)) return;
  }
  base::log::error(id(), synced.error().message);
  shared_.counters.count(protocol::ErrorCode::processing_failed);
  attachment_.send(protocol::print(protocol::Error{
      id(),
      protocol::ErrorCode::processing_failed,
      "The server's disk failed, and may have lost frames of this session that were acknowledged; send the "
      "phrase as another session",
      false,
      {}}));
}

}  // namespace piste::session
