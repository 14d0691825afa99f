// What the tracker measures on one pose.
#pragma once

#include <optional>

#include "tracking/geometry.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::tracking {

// Around the keypoints that can be believed, with room for what lies beyond them (crown, soles, hands).
// nullopt where too few can be believed for a body.
std::optional<types::BoundingBox> body_box(const types::Keypoints& keypoints);

// Mean of shoulders and hips; where they are not known, the middle of the box.
Point torso(const types::Pose& pose);

// y of the lower foot.
double feet(const types::Pose& pose);

// Horizontal distance of the feet; nullopt where one of them cannot be believed.
std::optional<double> stance(const types::Pose& pose);

// How tall the body would stand: by its bones, which a lunge does not shorten as it does the box.
double stature(const types::Pose& pose);

// Whether it goes on below the picture: the lower edge cuts it and no foot is seen.
bool cut_off_below(const types::Pose& pose, double frame_height);

// How many keypoints can be believed are enough for a body.
bool has_body(const types::Keypoints& keypoints);

// -1 (to the left) .. 1 (to the right), by nose, hands and knees; 0 for somebody who faces the camera.
double facing(const types::Pose& pose);

// Whether the two skeletons lie on one and the same person.
bool same_body(const types::Pose& a, const types::Pose& b);

// How unlike what two wear looks: 0 alike .. 1 black and white. 0 where it is not known.
double unlike(const std::optional<types::Clothes>& a, const std::optional<types::Clothes>& b);

// What is known after another sight, which counts with this share.
std::optional<types::Clothes> mixed(const std::optional<types::Clothes>& before,
                                    const std::optional<types::Clothes>& now, double share);

}  // namespace piste::tracking
