// What somebody wears: by it the tracker tells a fencer from who walks past in front of him.
#pragma once

#include <optional>

#include "types/frame.h"
#include "types/pose.h"

namespace piste::pose {

// nullopt where trunk or thighs are not seen, or lie outside the image.
std::optional<types::Clothes> clothes_of(const types::Frame& frame, const types::Keypoints& keypoints);

}  // namespace piste::pose
