// What each fencer did when, who began, blade contacts, hits, and where the video is. Internal.
#pragma once

#include "artifacts/artifacts.h"
#include "artifacts/canvas.h"
#include "types/analysis.h"

namespace piste::artifacts {

constexpr double timeline_height = 84;  // at scale 1, pixels

class TimelineBar {
 public:
  // analysis is borrowed for the construction only. width: pixels.
  TimelineBar(const types::Analysis& analysis, Look look, int width, double scale, Lettering& lettering);

  // place: as wide as the bar; all its pixels are drawn. time: seconds on the tracks' clock.
  void draw(cv::Mat3b place, Lettering& lettering, double time) const;

 private:
  void draw_rows(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_doubt(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_end(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_events(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_markers(Canvas& canvas, const types::Verdict& verdict, double y) const;
  double x_of(double time) const;
  double row_top(types::Side side) const;
  double row_middle(types::Side side) const;

  const Look look_;
  const int width_;
  const double scale_;
  double start_ = 0;
  double end_ = 1;
  cv::Mat3b panel_;  // what does not move
};

}  // namespace piste::artifacts
