// One fencer's skeleton. Internal to the module.
#pragma once

#include <optional>

#include "artifacts/canvas.h"
#include "types/track.h"

namespace piste::artifacts {

// factor: picture pixels per keypoint unit. Dashed and dim where the keypoints were filled in or are
// unreliable.
void draw_skeleton(Canvas& canvas, const types::TrackPoint& point, Colour colour, double factor,
                   double scale);

// In picture pixels; nothing where too little is known.
std::optional<cv::Point2d> head_of(const types::Keypoints& keypoints, double factor);
// The wrist that is nearer to the opponent.
std::optional<cv::Point2d> front_wrist_of(const types::Keypoints& keypoints, types::Side side, double factor);

}  // namespace piste::artifacts
