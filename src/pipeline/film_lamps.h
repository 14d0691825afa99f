// The lamps that a video shows, as a box's events: for a bout of which nobody tells who hit.
//
// They are looked for on a thread of its own, ahead of who asks: the first phrases are judged while the later
// ones are still to come.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "base/mutex.h"
#include "lamps/watch.h"
#include "pipeline/bout_film.h"
#include "types/lamp_places.h"
#include "video/reader.h"

namespace piste::pipeline {

class FilmLamps {
 public:
  static Result<std::unique_ptr<FilmLamps>> open(const std::filesystem::path& video,
                                                 const types::LampPlaces& places);
  // Looks no further.
  ~FilmLamps();
  FilmLamps(const FilmLamps&) = delete;
  FilmLamps& operator=(const FilmLamps&) = delete;

  // Blocks until a lamp came on, or none did for some seconds of the video; nullopt once all were told.
  Result<std::optional<Heard>> next();

 private:
  FilmLamps(std::unique_ptr<video::Reader> reader, const types::LampPlaces& places);
  void look_at_all();
  Result<bool> look_at_next();
  void tell(types::box::Events events, double until);
  void end(std::optional<Error> failure);

  const std::unique_ptr<video::Reader> reader_;  // the thread's, as the watch
  lamps::Watch watch_;
  base::Mutex mutex_;
  base::Condition changed_;
  std::optional<Heard> heard_ GUARDED_BY(mutex_);  // not taken so far
  std::optional<Error> failure_ GUARDED_BY(mutex_);
  double told_ GUARDED_BY(mutex_) = 0;    // s, until when
  bool over_ GUARDED_BY(mutex_) = false;  // nothing more will be heard
  bool unwanted_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // after what it uses
};

}  // namespace piste::pipeline
