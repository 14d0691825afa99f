// What is told of a live bout, laid on the clock of its frames: by its piste's box, by its client, by the
// lamps in the picture where nobody else does. Beside a box the lamps tell by how much the picture lags it;
// from then on what the box says is laid that much later. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "bout/lag.h"
#include "pipeline/bout_clock.h"
#include "pipeline/engine.h"
#include "pipeline/told_events.h"
#include "types/box_event.h"

namespace piste::pipeline {

class BoutHearing {
 public:
  // Goes on with what an earlier run was told.
  explicit BoutHearing(const PhraseSettings& settings);

  // The time of the next frame to arrive; see BoutClock.
  double frame(std::int64_t number, std::optional<double> timestamp, std::optional<double> arrived);
  void tell(const types::box::Event& event, Told by);
  void saw(const types::box::Events& lamps);
  // There will be no more frames.
  void end();

  // Whether somebody should look for lamps in the picture.
  bool needs_lamps() const { return !hits_told_ || (beside_box_ && !meter_.settled()); }
  // What was not taken so far, of moments until this one.
  types::box::Events take_until(double time);
  // As it was measured in this bout; nothing where that is not news.
  std::optional<types::PictureLag> take_new_lag();

 private:
  bool place(types::box::Event event, Told by);
  void place_waiting();
  void lay_behind_box(types::box::Event& event);
  void keep(types::box::Event event);

  BoutClock clock_;
  ToldEvents file_;
  std::deque<types::box::Event> heard_;                   // not taken so far
  std::deque<std::pair<types::box::Event, Told>> early_;  // nobody knows yet when it was
  std::optional<double> first_;                           // s: of the first frame
  bool hits_told_ = false;
  bool beside_box_ = false;  // which tells the hits
  bout::LagMeter meter_;
  std::optional<types::PictureLag> lag_;  // in use
  std::optional<types::PictureLag> news_;
};

}  // namespace piste::pipeline
