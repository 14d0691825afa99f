// Single pictures: bytes <-> Image. All functions are pure and thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

std::string_view to_string(types::Encoding encoding);

// What the bytes are: many who send PNG call it jpeg, and the other way round. The others are what is said.
types::Encoding encoding_of(types::Encoding said, std::span<const std::uint8_t> bytes);

struct Inspected {
  bool key = true;  // can be decoded without the frames before it
  int width = 0;    // pixels of the picture itself
  int height = 0;
};

// The check at the door, without decoding: structure, completeness (a JPEG's end; where the marker is missing
// its data are decoded to see whether they are whole; a PNG's chunks and checksums, RAW's size with or
// without its 12-byte header, an H.264 unit's slices of one picture). width, height: as announced for the
// phrase. An H.264 picture has that size (its key units say so); a single picture may have another, up to
// 3840 x 2160 pixels, and is resized when it is decoded: many cameras give another size than they announce.
// Costs microseconds; never allocates in proportion to a number in the bytes.
Result<Inspected> inspect(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                          int height);

// A picture that stands on its own; H.264 has FrameDecoder (frame_decoder.h). Decodes to BGR: grey, CMYK and
// YCCK JPEG, palette, grey, RGBA (over black) and 16-bit PNG in right colours. reduce: 1, 2 or 4: the image
// has 1/reduce of the announced size (rounded up), whatever size the picture has. A JPEG is turned as its
// EXIF orientation says: the image is upright; where the announced size is that of what is stored, its sides
// change places.
Result<types::Image> decode(const types::EncodedFrame& frame, int reduce = 1);

// How much smaller an image is than the frame that it was decoded of; sizes may have changed places.
double scale_of(const types::Image& image, const types::EncodedFrame& frame);

types::Image resized(types::Image&& image, int width, int height);

// quality: 1..100. 4:2:0 chroma.
Result<types::Bytes> encode_jpeg(const types::Image& image, int quality);
Result<types::Bytes> encode_png(const types::Image& image);

}  // namespace piste::video
