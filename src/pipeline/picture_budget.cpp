#include "pipeline/picture_budget.h"

#include <algorithm>

namespace piste::pipeline {

bool PictureBudget::take(std::size_t bytes, For whom) {
  if (used_ > room(whom) - bytes) return false;
  used_ += bytes;
  return true;
}

std::optional<PictureBudget::Lease> PictureBudget::try_acquire(std::size_t bytes, For whom) {
  bytes = std::min(bytes, room(whom));
  const base::Lock lock(mutex_);
  return take(bytes, whom) ? std::optional<Lease>(std::in_place, *this, bytes) : std::nullopt;
}

std::optional<PictureBudget::Lease> PictureBudget::acquire(std::size_t bytes,
                                                           const std::function<bool()>& cancelled, For whom) {
  bytes = std::min(bytes, room(whom));
  base::Lock lock(mutex_);
  while (!take(bytes, whom)) {
    if (cancelled()) return std::nullopt;
    changed_.wait(lock);
  }
  return std::optional<Lease>(std::in_place, *this, bytes);
}

void PictureBudget::wake() {
  const base::Lock lock(mutex_);
  changed_.notify_all();
}

std::size_t PictureBudget::used() const {
  const base::Lock lock(mutex_);
  return used_;
}

void PictureBudget::give_back(std::size_t bytes) {
  const base::Lock lock(mutex_);
  used_ -= bytes;
  changed_.notify_all();
}

std::shared_ptr<const types::Frame> counted(types::Frame frame, PictureBudget::Lease lease) {
  struct Counted {
    PictureBudget::Lease lease;  // goes after the frame
    types::Frame frame;
  };
  auto both = std::make_shared<const Counted>(Counted{std::move(lease), std::move(frame)});
  const types::Frame* const inner = &both->frame;
  return {std::move(both), inner};
}

}  // namespace piste::pipeline
