// A picture alone.
#pragma once

#include "pipeline/engine.h"
#include "pipeline/shared.h"
#include "types/seen_fencers.h"

namespace piste::pipeline {

// Who a phrase that begins with this picture would be about. Blocks for an inference or three.
Result<types::SeenFencers> look_at_picture(Shared& shared, types::Bytes picture);

}  // namespace piste::pipeline
