// From what was seen to both fencers' tracks: mended, smoothed, gaps filled.
#pragma once

#include <span>

#include "tracking/history.h"
#include "types/camera.h"
#include "types/track.h"

namespace piste::tracking {

types::Tracks assembled(std::span<const Observation> seen, double fps, const types::CameraMotion& motion);

}  // namespace piste::tracking
