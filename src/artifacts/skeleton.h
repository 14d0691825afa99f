// One fencer's skeleton. Internal to the module.
#pragma once

#include <optional>

#include "artifacts/canvas.h"
#include "artifacts/layout.h"
#include "types/track.h"

namespace piste::artifacts {

// How a skeleton is to look.
struct Pen {
  Colour colour;
  bool faint = false;  // thin and without joints
};

// Dashed and dim where the keypoints were filled in or are unreliable.
void draw_skeleton(Canvas& canvas, const types::TrackPoint& point, const Pen& pen, const Placing& placing,
                   double scale);

// In picture pixels; nullopt where too little is known.
std::optional<cv::Point2d> head_of(const types::Keypoints& keypoints, const Placing& placing);
// The wrist that is nearer to the opponent.
std::optional<cv::Point2d> front_wrist_of(const types::Keypoints& keypoints, types::Side side,
                                          const Placing& placing);

}  // namespace piste::artifacts
