// A link that is slower than the frames: which setting would fit through it.
#pragma once

#include <optional>
#include <string>

#include "types/frame.h"

namespace piste::client {

struct LinkLoad {
  double link = 0;          // bits a second that the link was seen to carry
  double needed = 0;        // bits a second of the frames at their own pace
  double fps = 30;          // of the frames
  double late = 0;          // s: how far sending is behind
  std::size_t waiting = 0;  // frames that are encoded and wait for the link
};

struct LinkSetting {
  int jpeg_quality = 0;
  double fps = 0;
  double bits_per_second = 0;  // as this setting's frames would need
};

// The best setting whose frames fit into bits_per_second with a tenth to spare, found by encoding the sample:
// first a lower quality, then half the frames. nullopt when even the poorest does not fit or the sample
// cannot be read. Takes some hundred milliseconds.
std::optional<LinkSetting> setting_that_fits(const types::EncodedFrame& sample, double fps,
                                             double bits_per_second);

// H.264 at the rate that fits, kbit/s, with a tenth to spare. nullopt where that is so little that fencers
// would smear.
std::optional<int> bitrate_that_fits(int width, int height, double fps, double bits_per_second);

// "The link carries 18.9 Mbit/s, the frames need 48.2 Mbit/s (4.2 s behind). ..." for a person, with the
// options to use.
std::string advise(const types::EncodedFrame& sample, const LinkLoad& load);

}  // namespace piste::client
