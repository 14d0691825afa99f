// What a session's camera sees just now, for those who watch: each JPEG stands on its own, so it can be shown
// as it came, and one a second costs nothing that counts. Thread-safe.
#pragma once

#include <memory>

#include "base/mutex.h"
#include "session/registry.h"
#include "types/frame.h"

namespace piste::session {

class LivePicture {
 public:
  void keep(const types::EncodedFrame& frame, TimePoint now);
  // null: there is none.
  std::shared_ptr<const types::Bytes> newest() const;

 private:
  mutable base::Mutex mutex_;
  std::shared_ptr<const types::Bytes> picture_ GUARDED_BY(mutex_);
  TimePoint came_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
