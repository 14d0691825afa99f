// All that is drawn into one picture of the overlay. Internal to the module.
#pragma once

#include "artifacts/artifacts.h"
#include "artifacts/canvas.h"
#include "artifacts/fencer_label.h"
#include "artifacts/findings.h"
#include "artifacts/timeline_bar.h"
#include "types/analysis.h"

namespace piste::artifacts {

class Scene {
 public:
  // analysis must outlive it. picture: size of the pictures that will be drawn into.
  Scene(const types::Analysis& analysis, Look look, cv::Size picture);

  // Before the first picture, of this time: the labels are where they would be had all been drawn before.
  void begin(double time);
  // Pictures in order of time; the labels follow the fencers from one to the next.
  void draw(cv::Mat3b& picture, double time, std::int64_t number);
  void draw_verdict(cv::Mat3b& picture, double opacity);

 private:
  const types::TrackPoint* point_at(types::Side side, double time) const;
  void follow_heads(double time);
  void draw_fencers(Canvas& canvas, double time);
  void draw_contact(Canvas& canvas, double time);
  void draw_captions(Canvas& canvas, double time);
  void draw_caption(Canvas& canvas, const types::Finding& finding, std::size_t number, double y);

  const types::Analysis& analysis_;
  const Look look_;
  const double scale_;
  const double factor_;  // picture pixels per received pixel
  Lettering lettering_;
  const TimelineBar timeline_;
  const std::vector<const types::Finding*> findings_;
  types::PerSide<FencerLabel> labels_;
};

}  // namespace piste::artifacts
