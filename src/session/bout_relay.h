// What a session does when it is a bout: whose hits its analysis hears, and how its phrases are told to the
// client, to those who watch, and to the next bout on its piste. Of a session that is none, nothing is heard
// and nothing told. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/mutex.h"
#include "pipeline/engine.h"
#include "protocol/messages.h"
#include "session/attachment.h"
#include "session/counters.h"
#include "session/events.h"
#include "session/phrase_store.h"
#include "session/picture_lags.h"
#include "session/pistes.h"
#include "session/refusal.h"
#include "session/session_file.h"
#include "session/snapshot.h"

namespace piste::session {

class BoutRelay {
 public:
  // Of the whole service.
  struct Shared {
    Counters& counters;
    Events& events;
    Pistes& pistes;
    PictureLags& picture_lags;
  };
  // All outlive it.
  BoutRelay(const Shared& shared, const SessionRecord& record, PhraseStore& store, Attachment& attachment)
      : shared_(shared), record_(record), store_(store), attachment_(attachment) {}

  // Before its analysis begins.
  void prepare(pipeline::PhraseSettings& settings) const;
  // The analysis has begun: it hears the box of its piste, if it has one. Once is enough.
  void listen();
  // Nothing is heard any more: waits for what is just being told.
  void stop();

  // A hit that the client tells. stage: of the session.
  Taken<base::Done> take(const protocol::Touch& touch, Stage stage);
  // The phrases behind this number, for a client that has heard of no more.
  void tell_phrases(std::int64_t known);

  // What the analysis says.
  void on_decision(int number, const std::string& decision);
  void on_phrase(const pipeline::BoutPhrase& phrase);
  void on_lag(const types::PictureLag& lag);

 private:
  const std::string& id() const { return record_.start.session_id; }
  std::string message_of(const pipeline::BoutPhrase& phrase) const;

  const Shared shared_;
  const SessionRecord& record_;
  PhraseStore& store_;
  Attachment& attachment_;
  base::Mutex mutex_;
  bool stopped_ GUARDED_BY(mutex_) = false;
  Pistes::Subscription listening_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
