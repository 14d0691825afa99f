// What those who watch get of the frames that are looked at: where the fencers are, some times a second, and
// while somebody asks for it a picture.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/mutex.h"
#include "tracking/tracker.h"
#include "types/frame.h"
#include "types/seen_fencers.h"

namespace piste::pipeline {

class LiveView {
 public:
  using Told = std::function<void(const types::SeenFencers&)>;
  // told: by the thread that looks; may be empty.
  explicit LiveView(Told told) : told_(std::move(told)) {}

  // A frame that was looked at, by its sender's number, and whom it shows in pixels of width x height. One
  // thread.
  void look(const types::Image& image, std::int64_t number, int width, int height,
            const tracking::Poses& poses);
  // The newest as a JPEG; null: none yet, or none any more. Any thread.
  std::shared_ptr<const types::Bytes> picture();

 private:
  using Clock = std::chrono::steady_clock;
  void tell(std::int64_t number, int width, int height, const tracking::Poses& poses);
  void show(const types::Image& image);

  const Told told_;
  Clock::time_point last_told_;  // used by the thread that looks
  base::Mutex mutex_;
  Clock::time_point asked_ GUARDED_BY(mutex_), made_ GUARDED_BY(mutex_);
  std::shared_ptr<const types::Bytes> picture_ GUARDED_BY(mutex_);
};

}  // namespace piste::pipeline
