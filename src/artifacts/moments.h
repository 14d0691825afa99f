// Which analysed frame belongs to a moment. Internal to the module.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "types/track.h"

namespace piste::artifacts {

// Index of the point whose time is nearest; nothing without points. points: in order of time.
std::optional<std::size_t> nearest_point(const std::vector<types::TrackPoint>& points, double time);

}  // namespace piste::artifacts
