#include "pipeline/film_lamps.h"

#include "lamps/watch.h"
#include "video/reader.h"

namespace piste::pipeline {

Result<std::vector<types::box::Event>> lamps_of(const std::filesystem::path& video,
                                                const types::LampPlaces& places,
                                                const std::function<void(double, double)>& on_progress) {
  auto reader = video::Reader::open_file(video);
  if (!reader) return Error{ErrorCode::video, reader.error().message};
  const auto& info = (*reader)->info();
  const double all = info.fps > 0 ? static_cast<double>(info.frame_count) / info.fps : 0;
  lamps::Watch watch({.places = places, .fps = info.fps});
  std::vector<types::box::Event> events;
  for (;;) {
    auto frame = (*reader)->next();
    if (!frame) return Error{ErrorCode::video, frame.error().message};
    if (!*frame) break;
    watch.look(**frame, events);
    on_progress((*frame)->time, all);
  }
  watch.finish(events);
  return events;
}

}  // namespace piste::pipeline
