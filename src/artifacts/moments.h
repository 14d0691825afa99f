// Which moment is which: of frames, of the phrase's end, of what is shown again. Internal to the module.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "types/analysis.h"
#include "types/track.h"

namespace piste::artifacts {

// Index of the point whose time is nearest; nullopt without points. points: in order of time.
std::optional<std::size_t> nearest_point(const std::vector<types::TrackPoint>& points, double time);

// The phrase is over with its last lamp, s on the tracks' clock; nullopt where no lamp came on.
std::optional<double> end_of_phrase(const types::Analysis& analysis);

}  // namespace piste::artifacts
