// What the camera's motion means for a phrase: the tracks on the piste instead of in the picture, and what a
// reader of the result should know.
#pragma once

#include "types/camera.h"
#include "types/track.h"

namespace piste::camera {

// The tracks as the referee sees them: all in the frame of reference of the shot that shows the hit. What
// other shots show is not there (nobody knows where it was on the piste), nor what a repeated picture seems
// to show. hit: s on the tracks' clock. Where the camera stood, the tracks themselves.
types::Tracks on_piste(const types::Tracks& tracks, const types::CameraMotion& motion, double hit);

// width: of the received frames, pixels.
types::CameraAccount account_of(const types::Tracks& tracks, const types::CameraMotion& motion, double hit,
                                int width, int height);

}  // namespace piste::camera
