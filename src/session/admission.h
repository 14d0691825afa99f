// Whether a session may start or go on, and its start; whether an upload may come. Whoever is refused takes
// nothing from anybody, and leaves nothing behind. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "protocol/messages.h"
#include "session/accounts.h"
#include "session/allowance.h"
#include "session/caller.h"
#include "session/channel.h"
#include "session/job.h"
#include "session/phrase_folder.h"
#include "session/phrase_sequence.h"
#include "session/recovery.h"
#include "session/seating.h"
#include "session/session.h"

namespace piste::session {

enum class AdmissionError {
  unsuitable,  // a number beyond this server's limits; no such session to resume
  id_in_use,
  busy,       // no seat or no memory: soon perhaps
  too_many,   // of its address in this hour
  no_disk,    // when somebody has made room
  stopping,   // when the server is back
  elsewhere,  // another node has it, or nobody can say which: by a connection anew
  failed,     // the server cannot do its part
};

struct Admitted {
  std::shared_ptr<Session> session;
  std::string resume_token;
};

struct AdmittedUpload {
  std::unique_ptr<PhraseFolder> folder;
  Accounts::Held on_its_way;  // until it has a seat
  Seat seat;                  // an id; the seat itself is taken when both files are here
  std::shared_ptr<UploadView> view;
  Accounts::Held kept;  // of one that is judged later, until it is
};

class Admission {
 public:
  // What its sessions share, and the others outlive it.
  Admission(const Session::Shared& shared, Seating& seating, Allowance& allowance, Recovery& recovery,
            PhraseSequence& sequence)
      : shared_(shared), seating_(seating), allowance_(allowance), recovery_(recovery), sequence_(sequence) {}

  // The errors' texts are for the client, in the guide's words where it has them.
  base::Result<Admitted, AdmissionError> admit(const Caller& caller, const protocol::SessionStart& start,
                                               const std::shared_ptr<Channel>& channel, TimePoint now);
  base::Result<AdmittedUpload, AdmissionError> admit_upload(const Caller& caller, Judged judged,
                                                            TimePoint now);
  // One that an earlier run was to judge later, or another node.
  AdmittedUpload admit_left(const Caller& caller, std::unique_ptr<PhraseFolder> folder, KeptBy kept_by,
                            TimePoint now);
  // The session that is resumed; null when it is over: then the channel has been told what came of it. Either
  // way session_resumed has been sent.
  base::Result<std::shared_ptr<Session>, AdmissionError> resume(const Caller& caller,
                                                                const protocol::SessionResume& wanted,
                                                                const std::shared_ptr<Channel>& channel,
                                                                TimePoint now);
  // Ends sessions without a connection beyond the limit: first the oldest that has not heard session_end.
  // Those that are being analysed stay.
  void trim_detached();
  // When the same may succeed; nullopt: never.
  std::optional<std::chrono::seconds> retry_after(AdmissionError error, const Caller& caller,
                                                  TimePoint now) const;

 private:
  using Opened = base::Result<std::shared_ptr<Session>, AdmissionError>;
  enum class Counted { no, yes };  // among the starts of an hour
  Opened begin(const Caller& caller, SessionRecord record, const std::shared_ptr<Channel>& channel,
               TimePoint now, Counted counted);
  Opened adopt(const Caller& caller, const SessionKey& key, std::optional<SessionRecord> record,
               TimePoint now);
  struct Asked {  // of both at most one
    std::shared_ptr<Session> session;
    std::optional<Ended> ended;
  };
  base::Result<Asked, AdmissionError> ask_the_nodes(const Caller& caller, const SessionKey& key,
                                                    const std::string& token_hash,
                                                    std::shared_ptr<Session> session, TimePoint now);
  AdmittedUpload settle(AdmittedUpload admitted, const Caller& caller, Judged judged, KeptBy kept_by,
                        TimePoint now);
  base::Result<base::Done, AdmissionError> objection_of_others(const Caller& caller) const;
  base::Result<base::Done, AdmissionError> take_start(const Caller& caller, TimePoint now);

  const Session::Shared& shared_;
  Seating& seating_;
  Allowance& allowance_;
  Recovery& recovery_;
  PhraseSequence& sequence_;
};

}  // namespace piste::session
