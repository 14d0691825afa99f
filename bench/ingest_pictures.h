// Frames of a wanted size in bytes: a drawn hall with a camera's noise, as JPEG at the quality that gives the
// size.
#pragma once

#include <string>
#include <vector>

#include "types/frame.h"

namespace piste::bench {

struct Picture {
  std::string name;
  types::Encoding encoding = types::Encoding::jpeg;
  int width = 0;
  int height = 0;
  std::size_t bytes = 0;  // of a frame; RAW's follows from its size
};

// "jpeg1080", "jpeg720" and "raw720".
const std::vector<Picture>& all_pictures();

// Throws where there is none of that name.
const Picture& picture_named(const std::string& name);

using Frames = std::vector<types::Bytes>;

// count different frames.
Frames make_frames(const Picture& picture, int count);

}  // namespace piste::bench
