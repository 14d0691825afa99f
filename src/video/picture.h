// Decoded video pictures (AVFrame) -> upright BGR images. Internal to the module.
#pragma once

#include "types/frame.h"
#include "video/ffmpeg.h"
#include "video/orientation.h"
#include "video/padded_picture.h"

namespace piste::video {

// From the container's display matrix, to the nearest quarter turn.
Orientation orientation_of(const AVStream& stream);

class PictureConverter {
 public:
  // width, height: of the images to make, before they are turned.
  PictureConverter(int width, int height, Orientation orientation)
      : width_(width), height_(height), orientation_(orientation) {}

  // Any pixel format and size; transparency over black.
  Result<types::Image> convert(const AVFrame& frame);

 private:
  bool prepare(const AVFrame& frame, AVPixelFormat target);

  const int width_;
  const int height_;
  const Orientation orientation_;
  ScalerPtr scaler_;
  PaddedPicture scaled_;
};

}  // namespace piste::video
