// How many bytes of decoded pictures all phrases and uploads may hold at a time. Who finds no room waits, so
// that a crowd of large pictures costs time instead of memory; small ones pass meanwhile. A picture that is
// larger than all the room there is gets all of it. Half of the room is for those whose result somebody waits
// for, whatever the others hold.
//
// Nobody waits who holds a picture that only its own going on would free, and no worker ever waits: so
// somebody can always go on. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "base/lease.h"
#include "base/mutex.h"
#include "types/frame.h"

namespace piste::pipeline {

class PictureBudget {
 public:
  explicit PictureBudget(std::size_t bytes) : limit_(bytes) {}
  PictureBudget(const PictureBudget&) = delete;
  PictureBudget& operator=(const PictureBudget&) = delete;

  using Lease = base::Lease<PictureBudget>;

  enum class For { awaited, left };  // whether somebody waits for the result

  // nullopt: there is no room now.
  std::optional<Lease> try_acquire(std::size_t bytes, For whom = For::awaited);
  // Waits for room; nullopt when cancelled() meanwhile.
  std::optional<Lease> acquire(std::size_t bytes, const std::function<bool()>& cancelled,
                               For whom = For::awaited);
  // Those that wait look at cancelled() again.
  void wake();
  std::size_t used() const;

 private:
  friend Lease;
  std::size_t room(For whom) const { return whom == For::left ? limit_ / 2 : limit_; }
  bool take(std::size_t bytes, For whom) REQUIRES(mutex_);
  void give_back(std::size_t bytes);

  const std::size_t limit_;
  mutable base::Mutex mutex_;
  base::Condition changed_;
  std::size_t used_ GUARDED_BY(mutex_) = 0;
};

// The frame, with its lease for as long as anybody keeps it.
std::shared_ptr<const types::Frame> counted(types::Frame frame, PictureBudget::Lease lease);

}  // namespace piste::pipeline
