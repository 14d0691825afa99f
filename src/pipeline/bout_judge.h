// The phrases of a live bout, once they are cut out: each is judged, one after the other, beside what is
// looked at meanwhile; bout.json and the score are kept.
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "pipeline/bout_phrase.h"
#include "pipeline/bout_report.h"
#include "pipeline/engine.h"
#include "pipeline/shared.h"
#include "types/box_event.h"

namespace piste::pipeline {

class BoutJudge {
 public:
  // Goes on with the bout.json that an earlier run has left. All outlive it.
  BoutJudge(Shared& shared, const PhraseSettings& settings, const BoutObserver& observer);
  ~BoutJudge();  // cancels
  BoutJudge(const BoutJudge&) = delete;
  BoutJudge& operator=(const BoutJudge&) = delete;

  // Of score and names.
  void take(const types::box::Event& event);
  void lags(const types::PictureLag& lag);
  int next_number() const;
  // Whether an earlier run has done with it.
  bool knows(const bout::Cut& cut) const;
  double free_from() const;  // s: the last phrase's end
  // Where many wait already, this one waits for the oldest of them.
  void judge(Prepared phrase);
  void leave_out(const bout::LeftOut& hit);

  std::vector<BoutPhrase> phrases_from(int number) const;
  // Waits until all are judged, and puts the summary on the disk.
  Outcome finish();
  void cancel();

 private:
  void run();
  void judge_now(Prepared phrase);
  void keep(BoutPhrase phrase);
  bool cancelled() const;
  bool write(const std::string& name, const std::string& json) const;

  Shared& shared_;
  const PhraseSettings& settings_;
  const BoutObserver& observer_;
  mutable base::Mutex mutex_;
  base::Condition changed_;
  BoutReport report_ GUARDED_BY(mutex_);
  std::deque<Prepared> waiting_ GUARDED_BY(mutex_);
  int last_number_ GUARDED_BY(mutex_) = 0;  // that was given away
  bool in_work_ GUARDED_BY(mutex_) = false;
  bool cancelled_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::pipeline
