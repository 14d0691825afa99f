#include "client/frame_feed.h"

namespace piste::client {

FrameFeed::FrameFeed(FrameSource source, const FeedOptions& options, std::function<void()> wake)
    : source_(std::move(source)),
      options_(options),
      camera_(source_.info().camera),
      wake_(std::move(wake)),
      queue_(options.memory_bytes, options.disk_bytes, options.folder),
      thread_([this] { run(); }) {}

FrameFeed::~FrameFeed() {
  end_early();
  thread_.join();
}

void FrameFeed::end_early() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

// False: stopped meanwhile.
bool FrameFeed::wait_for_turn(const types::EncodedFrame& frame) {
  base::Lock lock(mutex_);
  if (stats_.produced == 0) {
    first_timestamp_ = *frame.timestamp;
    first_at_ = std::chrono::steady_clock::now();
  }
  const std::chrono::duration<double> after(*frame.timestamp - first_timestamp_);
  if (options_.realtime && !camera_) {
    const auto due = first_at_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(after);
    while (!stopping_ && std::chrono::steady_clock::now() < due) changed_.wait_until(lock, due);
  }
  return !stopping_;
}

// False: stopped meanwhile; a file's frame is then not sent.
bool FrameFeed::push(types::EncodedFrame frame) {
  base::Lock lock(mutex_);
  const std::size_t size = frame.bytes->size();
  const double media_time = *frame.timestamp - first_timestamp_;
  stats_.next_number = frame.number + 1;
  if (!camera_) {
    while (!stopping_ && !queue_.fits(size)) changed_.wait(lock);
    if (stopping_) return false;
  }
  const auto place = queue_.push(std::move(frame));
  if (place == FrameQueue::Place::none) {
    ++stats_.dropped;
    source_.begin_anew();
    return !stopping_;
  }
  ++stats_.produced;
  stats_.on_disk += place == FrameQueue::Place::disk;
  stats_.bytes += size;
  stats_.media_time = media_time;
  return !stopping_;
}

void FrameFeed::run() {
  std::optional<Error> failure;
  for (bool more = true; more;) {
    auto frame = source_.next();
    if (!frame) failure = frame.error();
    more = frame && *frame && wait_for_turn(**frame) && push(std::move(**frame));
    if (more) wake_();
  }
  {
    const base::Lock lock(mutex_);
    failure_ = std::move(failure);
    stats_.damaged = source_.damaged();
    done_ = true;
  }
  wake_();
}

std::optional<types::EncodedFrame> FrameFeed::try_take() {
  std::optional<types::EncodedFrame> out;
  {
    const base::Lock lock(mutex_);
    out = queue_.pop();
  }
  changed_.notify_all();
  return out;
}

bool FrameFeed::finished() const {
  const base::Lock lock(mutex_);
  return done_ && queue_.empty();
}

bool FrameFeed::ready() const {
  const base::Lock lock(mutex_);
  return done_ || !queue_.empty();
}

FeedStats FrameFeed::stats() const {
  const base::Lock lock(mutex_);
  FeedStats out = stats_;
  out.waiting = queue_.size();
  return out;
}

std::optional<Error> FrameFeed::failure() const {
  const base::Lock lock(mutex_);
  return failure_;
}

}  // namespace piste::client
