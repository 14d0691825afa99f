// Pictures that nobody marked as turned, and in which the fencers stand on their heads or lie: looked at
// again, the right way up. Tracks stay in pixels of the received frames; what decides sees them turned.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pipeline/analyser.h"
#include "types/frame.h"
#include "types/said.h"
#include "types/track.h"

namespace piste::pipeline {

// Quarter turns, clockwise, that bring the heads up.
enum class Turn { none = 0, clockwise = 1, half = 2, counterclockwise = 3 };

// The keypoints of pictures of this size, in the turned pictures.
void turn(types::Tracks& tracks, Turn by, int width, int height);

// What came of looking at the fencers' posture.
struct Upright {
  Turn by = Turn::none;
  types::Said warning;  // what was done; empty: nothing
  types::Said doubt;    // why a person should look; empty: no reason
};

// The next frame as it was received, null at the end.
using NextFrame = std::function<std::shared_ptr<const types::Frame>()>;

// The same frames from the first on, each time it is asked.
using Frames = std::function<NextFrame()>;

// Looks at tracks; where nearly all heads point another way, or hardly anybody is seen until some frames are
// turned, at all frames again, turned, and tracks become those. Costs as much as the first look; where hardly
// anybody is seen a decoding of the frames and 24 looks of the detector more. options: of
// that one.
Upright put_upright(types::Tracks& tracks, const Models& models, Workers& workers,
                    const tracking::TrackerOptions& options, const Frames& frames);

}  // namespace piste::pipeline
