// H.264 access units in Annex B form (start codes), one picture each: what their NAL units say without
// decoding. Internal to the module.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct UnitHeader {
  bool key = false;  // an IDR picture with its SPS and PPS: decoding can begin here
  int width = 0;     // pixels, cropped; of key units only
  int height = 0;
};

// One whole picture: a start code at the front, slices of one picture, none of which refers to a later one.
// Names of NAL units as in ITU-T H.264, table 7-1. Looks at every byte for start codes, decodes nothing.
Result<UnitHeader> scan_unit(std::span<const std::uint8_t> bytes);

// The unit's SPS, PPS and what else is not part of the picture's slices, with their start codes: what
// containers keep beside the pictures.
types::Bytes parameter_sets(std::span<const std::uint8_t> unit);

}  // namespace piste::video
