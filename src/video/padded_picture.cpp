#include "video/padded_picture.h"

#include <algorithm>
#include <new>

#include "video/blend.h"

namespace piste::video {

void PaddedPicture::shape(int width, int height, int channels) {
  const std::size_t row = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels) + padding;
  const std::size_t stride = (row + alignment - 1) / alignment * alignment;
  const std::size_t size = stride * static_cast<std::size_t>(height);
  if (size > size_) {
    memory_.reset();
    size_ = 0;
    memory_.reset(static_cast<std::uint8_t*>(::operator new(size, std::align_val_t{alignment})));
    size_ = size;
    std::fill_n(memory_.get(), size_, std::uint8_t{0});  // padding is read, too
  }
  width_ = width;
  height_ = height;
  channels_ = channels;
  stride_ = static_cast<int>(stride);
}

types::Image PaddedPicture::image() const {
  const std::size_t row_bytes = static_cast<std::size_t>(width_) * 3;
  types::Image image{width_, height_, {}};
  image.bgr.reserve(row_bytes * static_cast<std::size_t>(height_));
  if (channels_ == 3) {
    for (int y = 0; y < height_; ++y) image.bgr.insert(image.bgr.end(), row(y), row(y) + row_bytes);
    return image;
  }
  image.bgr.resize(row_bytes * static_cast<std::size_t>(height_));
  for (int y = 0; y < height_; ++y) {
    blend_over_black(row(y), image.bgr.data() + static_cast<std::size_t>(y) * row_bytes,
                     static_cast<std::size_t>(width_));
  }
  return image;
}

void PaddedPicture::copy(const types::Image& image) {
  shape(image.width, image.height, 3);
  const std::size_t row_bytes = static_cast<std::size_t>(image.width) * 3;
  for (int y = 0; y < height_; ++y) {
    std::copy_n(image.bgr.data() + static_cast<std::size_t>(y) * row_bytes, row_bytes,
                memory_.get() + std::ptrdiff_t{y} * stride_);
  }
}

}  // namespace piste::video
