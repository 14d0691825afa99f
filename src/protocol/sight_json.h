// Where the fencers are in one picture, as JSON.
#pragma once

#include "protocol/json_text.h"
#include "types/seen_fencers.h"

namespace piste::protocol {

// width, height; left and right: 17 times [x, y, score], in COCO's order, or null.
void add(JsonObject& object, const types::SeenFencers& sight);

}  // namespace piste::protocol
