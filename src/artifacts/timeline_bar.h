// The bar at the bottom: what each fencer did when, blade contacts, hits, and where the video is. Internal.
#pragma once

#include "artifacts/canvas.h"
#include "types/analysis.h"

namespace piste::artifacts {

class TimelineBar {
 public:
  // analysis is borrowed for the construction only.
  TimelineBar(const types::Analysis& analysis, cv::Size picture, double scale, Lettering& lettering);

  // time: seconds on the tracks' clock.
  void draw(cv::Mat3b& picture, Canvas& canvas, double time) const;
  int top() const { return picture_.height - panel_.rows; }

 private:
  void draw_rows(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_events(Canvas& canvas, const types::Analysis& analysis) const;
  void draw_markers(Canvas& canvas, const types::Verdict& verdict, double y) const;
  void draw_legend(Canvas& canvas) const;
  double x_of(double time) const;
  double row_top(types::Side side) const;

  const cv::Size picture_;
  const double scale_;
  double start_ = 0;
  double end_ = 1;
  cv::Mat3b panel_;  // what does not move, on black
};

}  // namespace piste::artifacts
