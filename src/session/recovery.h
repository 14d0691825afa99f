// The sessions that earlier runs of the service, or another one that has ended, have left in the output
// folder: those that are open may be resumed, those whose analysis was cut are analysed again, the results of
// the others are found by their ids. Folder by folder: what another service holds is left to it, and looked
// at again. Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "session/caller.h"
#include "session/job.h"
#include "session/phrase_folder.h"
#include "session/phrase_sequence.h"
#include "session/seating.h"
#include "session/session.h"

namespace piste::session {

class Recovery {
 public:
  // What its sessions share, and the others outlive it.
  Recovery(const Session::Shared& shared, Seating& seating, PhraseSequence& sequence)
      : shared_(shared), seating_(seating), sequence_(sequence) {}

  // Looks for what nobody holds, and takes it. Reads small files only. The first time before sessions start.
  void look();
  // Again, if there was a first time.
  void look_again();
  // Opens what was found, which reads whole frame logs.
  void open_found(TimePoint now);
  // The newest of this key alone, at once: somebody asks for it. Looks again, once a second at most: another
  // service may just have let go of it. None: there is none, or it is over.
  std::shared_ptr<Session> open(const SessionKey& key, TimePoint now);
  // An upload that was to be judged later, the oldest first.
  struct LeftJob {
    std::unique_ptr<PhraseFolder> folder;
    Job job;
  };
  std::optional<LeftJob> take_job();
  // The hash of the token of a session that another service held at the last look.
  std::optional<std::string> held_elsewhere(const SessionKey& key) const;
  // The stage of what waits to be opened, or is being opened. Ask before the seats are looked at: what is
  // seated is left out only after that.
  std::optional<SessionRecord::Stage> stage(const SessionKey& key) const;

 private:
  struct Found {
    std::unique_ptr<PhraseFolder> folder;
    SessionRecord record;
  };
  void settle(std::unique_ptr<PhraseFolder> folder);
  void find_judged(std::unique_ptr<PhraseFolder> folder, const SessionRecord& record);
  void find_job(std::unique_ptr<PhraseFolder> folder, Job job);
  std::string untold(const PhraseFolder& folder) const;
  void give_up(const PhraseFolder& folder, const SessionRecord& record);
  std::optional<Found> take_found(const SessionKey* key);
  std::shared_ptr<Session> reopen(Found found, TimePoint now);
  std::shared_ptr<Session> seat(Found found, TimePoint now);

  const Session::Shared& shared_;
  Seating& seating_;
  PhraseSequence& sequence_;
  base::Mutex looking_;  // held during a look
  std::set<std::string> settled_ GUARDED_BY(looking_);
  bool looked_ GUARDED_BY(looking_) = false;
  base::Mutex opening_;  // held while one is opened; locked before the others
  TimePoint asked_ GUARDED_BY(opening_) = TimePoint::min();  // when to look again for whom asks
  mutable base::Mutex mutex_;                                // for moments only
  std::vector<Found> found_ GUARDED_BY(mutex_);              // the newest last
  std::deque<LeftJob> jobs_ GUARDED_BY(mutex_);
  std::optional<SessionRecord> being_opened_ GUARDED_BY(mutex_);
  std::map<SessionKey, std::string> elsewhere_ GUARDED_BY(mutex_);  // token hashes
};

}  // namespace piste::session
