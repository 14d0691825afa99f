// What is shown of the picture when the hit is shown again: both fencers, as large as the stage has room for.
// Internal to the module.
#pragma once

#include "artifacts/layout.h"
#include "types/analysis.h"

namespace piste::artifacts {

struct CloseUp {
  cv::Rect2d from;  // received pixels
  cv::Rect onto;    // pixels of the stage
  Placing placing() const { return {onto.width / from.width, from.tl()}; }
};

// The same for all of its pictures: a picture that moved by itself could not be read.
CloseUp close_up_of(const types::Analysis& analysis, const Layout& layout);

}  // namespace piste::artifacts
