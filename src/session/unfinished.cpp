#include "session/unfinished.h"

#include <utility>

#include "base/log.h"

namespace piste::session {

void Unfinished::add(Phrase phrase) {
  if (conclude(phrase)) return;
  base::log::warning("", "the frames of " + phrase.folder->name() +
                             " stay in their log: what is to replace them is not on the disk yet");
  leave(std::move(phrase));
}

void Unfinished::leave(Phrase phrase) {
  const base::Lock lock(mutex_);
  phrases_.push_back(std::move(phrase));
}

void Unfinished::retry() {
  std::list<Phrase> trying;
  {
    const base::Lock lock(mutex_);
    trying.swap(phrases_);
  }
  trying.remove_if([this](Phrase& phrase) {
    const bool done = conclude(phrase);
    if (done) base::log::info("", "the frames of " + phrase.folder->name() + " have become a video");
    return done;
  });
  const base::Lock lock(mutex_);
  phrases_.splice(phrases_.end(), trying);
}

bool Unfinished::conclude(Phrase& phrase) const {
  if (!phrase.result.empty()) {
    if (!phrase.folder->put_result(phrase.result)) return false;
    phrase.result.clear();
  }
  if (!phrase.has_video) {
    // The result is kept whatever comes of the video.
    const auto record = phrase.folder->record();
    const bool noted = record && record->stage >= SessionRecord::Stage::judged;
    if (!noted && !phrase.folder->conclude(false)) return false;
    const auto log = phrase.folder->open_log();
    phrase.has_video = log && engine_.keep_video(**log, phrase.folder->path());
  }
  return phrase.has_video && phrase.folder->conclude(true);
}

}  // namespace piste::session
