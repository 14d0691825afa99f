// One phrase that is being received and judged: its frames, its scoring log, its place in the guide's
// lifecycle.
//
// Threads: the functions for messages are called by the connection that is attached, within a turn
// (attachment.h). Observer callbacks come from the engine's threads, snapshot() and expire_if_idle() from
// any. A session ends once, whoever is first: its analysis, its connection or the sweep; who ends it says so
// to the client. Losing the connection does not end it: it waits to be resumed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/result.h"
#include "pipeline/engine.h"
#include "protocol/messages.h"
#include "session/accounts.h"
#include "session/archive.h"
#include "session/attachment.h"
#include "session/backlog.h"
#include "session/bout_relay.h"
#include "session/counters.h"
#include "session/events.h"
#include "session/intake.h"
#include "session/live_picture.h"
#include "session/phrase_folder.h"
#include "session/phrase_store.h"
#include "session/progress_throttle.h"
#include "session/reaper.h"
#include "session/refusal.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/session_file.h"
#include "session/snapshot.h"

namespace piste::session {

class Directory;

class Session : public std::enable_shared_from_this<Session> {
 public:
  // What it shares with all others; outlives it.
  struct Shared {
    PhraseStore::Shared store;
    const Limits& limits;
    Counters& counters;
    Accounts& accounts;
    Archive& archive;
    Backlog& backlog;
    Reaper& reaper;
    Events& events;
    BoutRelay::Shared bout;
    Directory* directory;  // null: this node is in no cluster
  };
  // opened: with a record.
  Session(const Shared& shared, PhraseFolder::Opened opened, Seat seat, std::shared_ptr<Channel> channel,
          TimePoint now, Caller caller = {});

  // Before any message is handled. Nothing happens when it has begun.
  void begin_analysis();
  // Of a session that was found on disk, before any other function: takes up what is in its folder. Its
  // analysis begins when it is resumed, or when the backlog says so.
  void restore();
  // To be analysed again, when its turn comes.
  void queue();
  // Again, where it was left to another node: that may be done with it, or have gone.
  void queue_again();

  const std::string& id() const { return start_.session_id; }
  const std::string& owner() const { return record_.owner; }
  bool alive() const { return stage() != Stage::cleanup; }
  Stage stage() const;
  bool processing() const { return stage() == Stage::processing; }
  void touch(TimePoint now);
  Attachment& attachment() { return attachment_; }
  // For the seating, right after the construction.
  const Seat& seat() const NO_THREAD_SAFETY_ANALYSIS { return seat_; }
  const std::string& token_hash() const { return record_.token_hash; }
  bool is_bout() const { return start_.bout; }
  Intake& intake() { return intake_; }
  BoutRelay& bout() { return bout_; }
  std::string folder() const { return store_.path().filename().string(); }
  // The other nodes learn that it goes on here.
  void tell_nodes() const;

  // Why a frame with this header cannot be taken whatever its bytes are; nullopt if it may come.
  std::optional<std::string> objection(const protocol::FrameHeader& header) const;
  // Stores the frame and hands it to the analysis. bytes are moved from where they are kept in memory.
  Taken<protocol::FrameStatus> take(const protocol::FrameHeader& header, types::Bytes&& bytes);

  // No more frames. May be repeated: the last word on total_frames counts. problem: of the message, for the
  // issues.
  Taken<protocol::Validation> end(std::optional<std::int64_t> total_frames, std::string problem,
                                  TimePoint now);
  Taken<base::Done> take_signal(std::string log);
  // Frames and log (a bout needs none) are complete, and process() has not been called.
  bool ready() const;
  // Precondition: ready(). The result goes to the channel.
  void process();

  // The connection is gone; another may resume the session. Nothing happens when another has already.
  // True: it waits to be resumed. False: others speak for it, or it has ended.
  bool lose(const Channel& channel);
  // The channel speaks for the session from now on: it is told the state, and what it may have missed.
  base::Result<base::Done, SeatError> resume(const Caller& caller, std::shared_ptr<Channel> channel,
                                             TimePoint now);
  // Another session has taken the id: ends this one unless it is being analysed.
  void give_way();
  // Which goes first where too many wait for their connections: the smaller; nullopt: it is to stay.
  std::optional<std::pair<bool, TimePoint>> drop_order() const;

  // Ends the session; false when it has ended already. What is to be said is said by the caller.
  bool leave();
  // Ends it with the guide's message when idle for `timeout` and not being analysed.
  void expire_if_idle(TimePoint now, std::chrono::seconds timeout);
  // Ends it for this run; the next one finds it on disk.
  void suspend();
  // Brings to the disk what has come since the last time. Where that fails for good the client is told. Any
  // thread.
  void sync();
  Snapshot snapshot(TimePoint now) const;
  // As it came, or else what the analysis makes of it; null: there is none.
  std::shared_ptr<const types::Bytes> live_picture() const {
    const auto came = live_picture_.newest();
    return came ? came : store_.picture();
  }

 private:
  pipeline::PhraseSettings settings() const;
  // For the backlog. False: the session has ended meanwhile, or it is another node's for now.
  bool analyse_again();
  void count_attempt();
  void begin_bout();
  // By the reaper: frees what the phrase holds. Waits for the analysis to stop.
  void dispose();
  void on_progress(const pipeline::Progress& progress);
  void on_sight(const types::SeenFencers& sight);
  void on_done(pipeline::Result<pipeline::Outcome> outcome);
  base::Error<Refusal> reject(std::string reason);
  bool end_if_idle(TimePoint now, std::chrono::seconds timeout);
  void retire() REQUIRES(state_mutex_);
  void count_end(const pipeline::Result<pipeline::Outcome>& outcome) const REQUIRES(state_mutex_);
  void say(const std::string& text) const;
  // To those who watch, unless the id is another session's by now.
  void tell(std::string_view state, std::string_view folder = {}) const REQUIRES(state_mutex_);
  void set(Stage stage) REQUIRES(state_mutex_);

  const Shared shared_;
  const SessionRecord record_;  // as at the start; the folder has it as it is now
  const protocol::SessionStart& start_ = record_.start;
  const TimePoint started_;
  const std::uint64_t number_;  // of its seat; no two sessions have the same
  Attachment attachment_;       // synchronises itself
  PhraseStore store_;           // synchronises itself
  BoutRelay bout_;              // synchronises itself
  LivePicture live_picture_;    // synchronises itself

  // Within a turn.
  Intake intake_;                      // its counts synchronise themselves
  std::optional<std::string> signal_;  // until process() hands it on

  // Held for moments only. Locked before the mutexes of the seating, the archive, the reaper and the
  // attachment's channel, after a turn and the mutex of the store.
  mutable base::Mutex state_mutex_;
  Stage stage_ GUARDED_BY(state_mutex_) = Stage::create;
  bool has_signal_ GUARDED_BY(state_mutex_) = false;
  Keep keep_ GUARDED_BY(state_mutex_) = Keep::nothing;
  pipeline::Outcome outcome_ GUARDED_BY(state_mutex_);  // with Keep::result
  bool told_of_disk_ GUARDED_BY(state_mutex_) = false;  // that it failed
  // To be analysed again: in the backlog; when another node is about to.
  bool queued_ GUARDED_BY(state_mutex_) = false;
  bool left_to_another_ GUARDED_BY(state_mutex_) = false;
  TimePoint last_activity_ GUARDED_BY(state_mutex_);
  TimePoint log_came_ GUARDED_BY(state_mutex_);  // when the analysis was asked to conclude
  ProgressThrottle throttle_ GUARDED_BY(state_mutex_);
  Caller caller_ GUARDED_BY(state_mutex_);               // whose connection it has, or had
  Accounts::Held left_phrase_ GUARDED_BY(state_mutex_);  // while it is judged without a connection
  // Vacated without a connection, given back at the end. Set once; seat() gives it to the seating before
  // others know of the session.
  Seat seat_ GUARDED_BY(state_mutex_);
};

}  // namespace piste::session
