// Phrases that are judged, while what is to replace their frames is not on the disk yet, most often for want
// of room: the frame log stays and is their video, and now and then it is tried again. What is left when the
// service ends is found by the next start. Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "base/mutex.h"
#include "pipeline/engine.h"
#include "session/phrase_folder.h"

namespace piste::session {

class Unfinished {
 public:
  struct Phrase {
    std::unique_ptr<PhraseFolder> folder;
    std::string result;  // JSON that is not in the folder yet; empty: it is
    bool has_video = false;
  };

  // The engine outlives it.
  explicit Unfinished(const pipeline::Engine& engine) : engine_(engine) {}

  // Concludes it at once where that can be done.
  void add(Phrase phrase);
  // For retry() to conclude.
  void leave(Phrase phrase);
  // Takes its time: reads whole logs.
  void retry();

 private:
  bool conclude(Phrase& phrase) const;

  const pipeline::Engine& engine_;
  base::Mutex mutex_;
  std::list<Phrase> phrases_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
