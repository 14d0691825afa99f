// Pictures in, one at a time, lamps out: as the events that a scoring box would tell, and as sightings that
// say how sure they are and where. Pure: no clock, no thread.
//
//   lamps::Watch watch({.fps = 30});
//   boxes::Events events;
//   while (auto frame = next()) watch.look(*frame, events);   // each lamp some 0.4 s after it came on
//   watch.finish(events);
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "boxes/event.h"
#include "lamps/boards.h"
#include "lamps/camera.h"
#include "lamps/screen.h"
#include "lamps/shots.h"
#include "types/frame.h"
#include "types/lamp_places.h"
#include "types/seen_lamps.h"
#include "types/side.h"

namespace piste::lamps {

struct Options {
  types::LampPlaces places{};
  double fps = 30;  // about
};

// Not for several threads.
class Watch {
 public:
  explicit Watch(const Options& options);

  // frame: later than the one before. Events of lamps that are certain by now are appended.
  void look(const types::Frame& frame, boxes::Events& out);
  // No more frames: what the last ones show is judged by less. Once is enough, twice tells nothing more.
  void finish(boxes::Events& out);

  // The lamps of one box, chosen by all that was seen so far: where several places shine it may choose
  // another than the events did, which could not wait. In order of time.
  std::vector<types::SeenLamp> sightings() const;
  // Lamps of other places: other pistes' boxes, repeaters.
  std::size_t elsewhere() const;

 private:
  struct Pending {
    const Screen* screen = nullptr;
    std::int64_t at = 0;  // picture, counted from the first
    std::int64_t last = 0;
    Spot spot;
    std::size_t after = 0;
    std::size_t others = 0;  // that came on in that moment, coloured ones
  };
  void begin(const Grid& grid);
  void search(std::size_t after);
  void collect(const Pending& found);
  void judge_until(std::int64_t at, boxes::Events& out);
  void judge(const Shine& shine, boxes::Events& out);
  std::optional<Shine> shine_of(const Pending& pending) const;
  bool is_core(const Shine& shine) const;
  bool is_restless(const Shine& shine) const;
  bool light(const Shine& shine, boxes::Events& out);
  std::optional<Lit> placed(const Shine& shine);
  void tell(const Lit& lit, boxes::Events& out) const;

  const Options options_;
  const std::size_t before_;  // pictures that are compared
  const std::size_t after_;
  double scale_ = 1;  // of the pictures: their pixels for one of a received frame
  Camera camera_;
  Shots shots_;
  std::int64_t count_ = 0;  // pictures so far
  std::int64_t searched_ = -1;
  double remembered_ = 0;  // s: when it was last
  std::optional<Screen> picture_;
  std::optional<Screen> hall_;
  std::vector<Pending> pending_;
  std::vector<Shine> recent_;    // whatever came on in the last seconds, lamp or not
  std::vector<Shine> unplaced_;  // white lamps that no coloured one is known beside
  Boards boards_;
};

}  // namespace piste::lamps
