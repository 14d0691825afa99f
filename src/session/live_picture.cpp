#include "session/live_picture.h"

#include <chrono>

namespace piste::session {

void LivePicture::keep(const types::EncodedFrame& frame, TimePoint now) {
  constexpr std::size_t most = 4 << 20;
  if (frame.encoding != types::Encoding::jpeg || frame.bytes->size() > most) return;
  const base::Lock lock(mutex_);
  if (picture_ && now - came_ < std::chrono::seconds(1)) return;
  picture_ = std::make_shared<const types::Bytes>(*frame.bytes);
  came_ = now;
}

std::shared_ptr<const types::Bytes> LivePicture::newest() const {
  const base::Lock lock(mutex_);
  return picture_;
}

}  // namespace piste::session
