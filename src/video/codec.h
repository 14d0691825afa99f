// Single pictures: bytes <-> Image. All functions are pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

// "jpeg", "jpg", "png", "raw", "h264", in any case; nothing for another name.
std::optional<types::Encoding> parse_encoding(std::string_view name);
std::string_view to_string(types::Encoding encoding);

struct Inspected {
  bool key = true;  // can be decoded without the frames before it
};

// The check at the door, without decoding: structure, completeness (a JPEG's end, a PNG's chunks and
// checksums, RAW's size with or without its 12-byte header, an H.264 unit's slices of one picture) and that
// the picture is width x height as announced (H.264: in key units, which alone say it). Costs microseconds;
// never allocates in proportion to a number in the bytes.
Result<Inspected> inspect(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                          int height);

// A picture that stands on its own; H.264 has FrameDecoder (frame_decoder.h). Decodes to BGR: grey, CMYK and
// YCCK JPEG, palette, grey, RGBA (over black) and 16-bit PNG in right colours. reduce: 1, 2 or 4; a JPEG is
// decoded at 1/reduce of its size (rounded up), the others are averaged down.
Result<types::Image> decode(const types::EncodedFrame& frame, int reduce = 1);

// quality: 1..100. 4:2:0 chroma.
Result<types::Bytes> encode_jpeg(const types::Image& image, int quality);
Result<types::Bytes> encode_png(const types::Image& image);

}  // namespace piste::video
