// Both fencers over their video: skeletons, what each is doing, blade contacts, hits. Internal to the module.
#pragma once

#include <vector>

#include "artifacts/artifacts.h"
#include "artifacts/canvas.h"
#include "artifacts/fencer_label.h"
#include "artifacts/layout.h"
#include "artifacts/said.h"
#include "types/analysis.h"

namespace piste::artifacts {

class Fencers {
 public:
  // analysis must outlive it. placing: of the received frames in the pictures that will be drawn into.
  Fencers(const types::Analysis& analysis, Look look, const Placing& placing, double scale);

  // Before the first picture, of this time: the labels are where they would be had all been drawn before.
  void begin(double time);
  // Pictures in order of time; the labels follow the fencers from one to the next.
  void draw(Canvas& canvas, double time);

 private:
  const types::TrackPoint* point_at(types::Side side, double time) const;
  void follow_heads(double time);
  void draw_skeletons(Canvas& canvas, double time) const;
  void draw_contact(Canvas& canvas, double time) const;
  void draw_labels(Canvas& canvas, double time) const;
  void draw_badges(Canvas& canvas, double time) const;
  void draw_flash(Canvas& canvas, double time) const;

  const types::Analysis& analysis_;
  const Look look_;
  const Placing placing_;
  const double scale_;
  const std::optional<double> end_;  // of the phrase
  const types::PerSide<std::vector<Said>> said_;
  types::PerSide<FencerLabel> labels_;
};

}  // namespace piste::artifacts
