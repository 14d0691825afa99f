// Decoded video pictures (AVFrame) -> upright BGR images. Internal to the module.
#pragma once

#include "types/frame.h"
#include "video/ffmpeg.h"
#include "video/orientation.h"
#include "video/padded_picture.h"

namespace piste::video {

// From the container's display matrix, or the picture's own (EXIF in a JPEG).
Orientation orientation_of(const AVStream& stream);
Orientation orientation_of(const AVFrame& frame);

class PictureConverter {
 public:
  // width, height: of the images to make, as shown.
  PictureConverter(int width, int height) : width_(width), height_(height) {}

  // Any pixel format and size; transparency over black.
  Result<types::Image> convert(const AVFrame& frame, Orientation orientation = {});

 private:
  bool prepare(const AVFrame& frame, int width, int height, AVPixelFormat target);

  const int width_;
  const int height_;
  ScalerPtr scaler_;
  PaddedPicture scaled_;
};

}  // namespace piste::video
