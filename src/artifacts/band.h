// The band below the video: the box's lamps and the clock, what is being found, and the timeline. Internal to
// the module.
#pragma once

#include <cstdint>
#include <vector>

#include "artifacts/artifacts.h"
#include "artifacts/canvas.h"
#include "artifacts/layout.h"
#include "artifacts/timeline_bar.h"
#include "types/analysis.h"

namespace piste::artifacts {

// At scale 1, pixels.
constexpr double lamps_height = 60, caption_height = 52;
constexpr double band_height(bool narrow) {
  return lamps_height + (narrow ? caption_height : 0) + timeline_height;
}

class Band {
 public:
  // analysis and lettering must outlive it.
  Band(const types::Analysis& analysis, Look look, const Layout& layout, Lettering& lettering);

  // band: its pixels, which are all drawn. time: seconds on the tracks' clock.
  void draw(cv::Mat3b band, double time, std::int64_t number);

 private:
  void draw_lamp(Canvas& canvas, types::Side side, double time) const;
  void draw_clock(Canvas& canvas, double time, std::int64_t number) const;
  void draw_caption(Canvas& canvas, double time) const;
  cv::Rect2d caption_place() const;

  const types::Analysis& analysis_;
  const Look look_;
  const double scale_;
  const bool narrow_;
  const int width_;
  Lettering& lettering_;
  const std::vector<const types::Finding*> findings_;
  const TimelineBar timeline_;
};

}  // namespace piste::artifacts
