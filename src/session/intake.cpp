#include "session/intake.h"

#include <utility>

#include "base/log.h"
#include "session/validation.h"

namespace piste::session {
namespace {

using base::log::Level;

constexpr std::int64_t complaints_logged = 20;  // of a kind, for one session; the others at level debug

Level level_of(std::int64_t count) {
  return count <= complaints_logged ? Level::warning : Level::debug;
}

}  // namespace

void Intake::took(const protocol::FrameHeader& header, std::size_t size, bool key) {
  const bool late = header.number < numbers().highest();
  const bool mismatch = header.size && static_cast<std::size_t>(*header.size) != size;
  gate_.take(header.number, key);
  counters_.frames_received.add();
  counters_.bytes_received.add(size);
  std::int64_t mismatches = 0;
  {
    const base::Lock lock(mutex_);
    ++stats_.frames_received;
    stats_.bytes_received += size;
    stats_.out_of_order_frames += late;
    stats_.missing_frames = missing_frames(numbers(), {});
    stats_.first_frame_number = first_number(numbers(), {});
    mismatches = stats_.size_mismatches += mismatch;
  }
  if (!mismatch) return;
  base::log::write(level_of(mismatches), start_.session_id,
                   "Frame size mismatch: frame " + std::to_string(header.number) + " was announced with " +
                       std::to_string(*header.size) + " bytes and has " + std::to_string(size));
}

void Intake::took_again() {
  counters_.frames_duplicate.add();
  const base::Lock lock(mutex_);
  ++stats_.duplicate_frames;
}

void Intake::restore(const std::vector<recording::Entry>& entries,
                     const std::optional<std::int64_t>& total_frames) {
  const base::Lock lock(mutex_);
  for (const auto& entry : entries) {
    stats_.out_of_order_frames += entry.number < numbers().highest();
    stats_.frames_received += gate_.take(entry.number, entry.key);
    stats_.bytes_received += entry.size;
  }
  stats_.missing_frames = missing_frames(numbers(), total_frames);
  stats_.first_frame_number = first_number(numbers(), total_frames);
  if (start_.bout) gate_.assume_earlier();
}

protocol::Validation Intake::end(std::optional<std::int64_t> total_frames, std::string problem,
                                 bool has_signal) {
  const base::Lock lock(mutex_);
  stats_.missing_frames = missing_frames(numbers(), total_frames);
  stats_.first_frame_number = first_number(numbers(), total_frames);
  return validate(stats_, numbers(), {total_frames, std::move(problem), has_signal, start_.h264});
}

void Intake::refused(const std::string& reason) {
  counters_.frames_rejected.add();
  std::int64_t count = 0;
  {
    const base::Lock lock(mutex_);
    count = ++stats_.rejected_frames;
  }
  base::log::write(level_of(count), start_.session_id, reason);
}

void Intake::set_duration(double seconds) {
  const base::Lock lock(mutex_);
  stats_.duration_seconds = seconds;
}

types::StreamingStats Intake::stats() const {
  const base::Lock lock(mutex_);
  return stats_;
}

}  // namespace piste::session
