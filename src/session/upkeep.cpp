#include "session/upkeep.h"

#include <chrono>
#include <filesystem>

#include "session/retention.h"
#include "session/session.h"

namespace piste::session {
namespace {

constexpr std::chrono::minutes removal_interval{10};
constexpr std::chrono::seconds look_interval{10};

}  // namespace

Upkeep::Upkeep(const Limits& limits, const Shelf& shelf, const Seating& seating, Recovery& recovery,
               Unfinished& unfinished)
    : limits_(limits), shelf_(shelf), seating_(seating), recovery_(recovery), unfinished_(unfinished) {
  if (limits.fsync == Fsync::interval) syncing_.emplace([this] { sync(); });
}

void Upkeep::begin() {
  tidying_.emplace([this] { tend(std::chrono::steady_clock::now()); });
}

void Upkeep::stop() {
  syncing_.reset();
  tidying_.reset();
}

void Upkeep::sync() {
  if (limits_.fsync != Fsync::interval) return;
  for (const auto& session : seating_.sessions()) session->sync();
}

void Upkeep::tend(TimePoint now) {
  const base::Lock lock(tending_);
  recovery_.open_found(now);
  for (const auto& session : seating_.unseated()) session->queue_again();
  if (now < next_look_) return;
  next_look_ = now + look_interval;
  unfinished_.retry();
  recovery_.look_again();
  recovery_.open_found(now);
}

void Upkeep::remove_old_results(TimePoint now) {
  if (now < next_removal_) return;
  next_removal_ = now + removal_interval;
  remove_old(shelf_, limits_.retention, std::filesystem::file_time_type::clock::now());
}

}  // namespace piste::session
