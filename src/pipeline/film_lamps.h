// The lamps that a whole video shows, as a box's events: for a bout of which nobody tells who hit.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "pipeline/engine.h"
#include "types/box_event.h"
#include "types/lamp_places.h"

namespace piste::pipeline {

// s since the video's first picture. Blocks while it looks at all of them. on_progress: s of the video, done
// and all (0 where that is not known).
Result<std::vector<types::box::Event>> lamps_of(const std::filesystem::path& video,
                                                const types::LampPlaces& places,
                                                const std::function<void(double, double)>& on_progress);

}  // namespace piste::pipeline
