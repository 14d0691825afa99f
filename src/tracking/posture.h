// Which way up the fencers are in the picture: a camera that hangs upside down says so nowhere else.
#pragma once

#include <optional>

#include "types/pose.h"
#include "types/track.h"

namespace piste::tracking {

// Where nearly all heads point. unclear: most do not point up, and there is no one way for the others.
enum class Heads { up, down, left, right, unclear };

// up where hardly anybody is seen.
Heads heads_of(const types::Tracks& tracks);
// Never unclear; nullopt: neither feet nor hips, or no shoulders.
std::optional<Heads> head_of(const types::Keypoints& points);

}  // namespace piste::tracking
