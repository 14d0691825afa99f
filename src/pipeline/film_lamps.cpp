#include "pipeline/film_lamps.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace piste::pipeline {
namespace {

constexpr double told_after = 1.5;  // s within which the watch tells a lamp, and more
constexpr double news_after = 2;    // s

}  // namespace

Result<std::unique_ptr<FilmLamps>> FilmLamps::open(const std::filesystem::path& video,
                                                   const types::LampPlaces& places) {
  auto reader = video::Reader::open_file(video);
  if (!reader) return Error{ErrorCode::video, reader.error().message};
  return std::unique_ptr<FilmLamps>(new FilmLamps(std::move(*reader), places));
}

FilmLamps::FilmLamps(std::unique_ptr<video::Reader> reader, const types::LampPlaces& places)
    : reader_(std::move(reader)),
      watch_({.places = places, .fps = reader_->info().fps}),
      thread_([this] { look_at_all(); }) {}

FilmLamps::~FilmLamps() {
  {
    const base::Lock lock(mutex_);
    unwanted_ = true;
  }
  thread_.join();
}

Result<std::optional<Heard>> FilmLamps::next() {
  base::Lock lock(mutex_);
  while (!heard_ && !over_) changed_.wait(lock);
  if (heard_) return std::exchange(heard_, std::nullopt);
  if (failure_) return *failure_;
  return std::optional<Heard>();
}

void FilmLamps::look_at_all() {
  try {
    for (;;) {
      auto more = look_at_next();
      if (!more) return end(more.error());
      if (!*more) return end(std::nullopt);
    }
  } catch (const std::exception& failure) {
    end(Error{ErrorCode::video, std::string("the lamps cannot be looked for: ") + failure.what()});
  }
}

// False where there is nothing more to look at.
Result<bool> FilmLamps::look_at_next() {
  {
    const base::Lock lock(mutex_);
    if (unwanted_) return false;
  }
  auto frame = reader_->next();
  if (!frame) return Error{ErrorCode::video, frame.error().message};
  types::box::Events events;
  if (!*frame) {
    watch_.finish(events);
    tell(std::move(events), std::numeric_limits<double>::infinity());
    return false;
  }
  watch_.look(**frame, events);
  tell(std::move(events), (*frame)->time - told_after);
  return true;
}

void FilmLamps::tell(types::box::Events events, double until) {
  const base::Lock lock(mutex_);
  if (events.empty() && !heard_ && until < told_ + news_after) return;
  told_ = until;
  if (!heard_) heard_.emplace();
  heard_->until = until;
  std::ranges::move(events, std::back_inserter(heard_->events));
  changed_.notify_one();
}

void FilmLamps::end(std::optional<Error> failure) {
  const base::Lock lock(mutex_);
  failure_ = std::move(failure);
  over_ = true;
  changed_.notify_one();
}

}  // namespace piste::pipeline
