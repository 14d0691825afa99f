// A part of a frame as a model's input, and the way back: pixels of the input -> pixels of the received
// frame.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "types/frame.h"
#include "types/pose.h"

namespace piste::pose {

// Received pixel = factor * input pixel + (left, top). Pixels are counted from their corners: a picture's
// first pixel covers 0..1.
struct Framing {
  float factor = 1;
  float left = 0;
  float top = 0;

  float x(float input_x) const { return factor * input_x + left; }
  float y(float input_y) const { return factor * input_y + top; }
};

struct FramedImage {
  cv::Mat rgb;  // 8 bit, 3 channels, contiguous, as large as was asked for
  Framing framing;
};

// Whether the image holds as many bytes as it says.
bool is_sound(const types::Image& image);

// The whole frame in the middle of a width x height picture, its shape kept, the rest of one shade of grey.
// Precondition: is_sound(frame.image), frame.scale > 0.
FramedImage letterbox(const types::Frame& frame, int width, int height, std::uint8_t shade);

// Whether crop is a box of more than nothing, finite, and of a size in proportion to the frame.
bool is_usable(const types::Frame& frame, const types::BoundingBox& crop);

// The square around crop's centre with crop's longer side, as a size x size picture; black outside the frame.
// Precondition: is_sound(frame.image), is_usable(frame, crop), frame.scale > 0.
FramedImage cut_square(const types::Frame& frame, const types::BoundingBox& crop, int size);

// As the models want them: bytes or int32 interleaved, floats 0..1 in planes.
std::vector<std::uint8_t> interleaved_bytes(const cv::Mat& rgb);
std::vector<std::int32_t> interleaved_ints(const cv::Mat& rgb);
std::vector<float> planar_floats(const cv::Mat& rgb);

}  // namespace piste::pose
