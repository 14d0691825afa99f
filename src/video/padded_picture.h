// A picture in memory that foreign code may fill or read. swscale's hand-written assembly works in steps of
// up to 64 bytes, reads and writes past the end of a row, and no sanitizer sees it: it wants rows that begin
// aligned and have room behind them. types::Image has neither, so it never goes to swscale itself: it is
// copied out of, or into, one of these. Libraries that document rows without padding (TurboJPEG, libpng,
// OpenCV, ONNX Runtime) get the image. Internal to the module.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "types/frame.h"

namespace piste::video {

class PaddedPicture {
 public:
  static constexpr std::size_t alignment = 64;  // bytes, of each row's begin: AVX-512's registers
  static constexpr std::size_t padding = 64;    // bytes at least, behind each row

  // Of 8-bit channels, interleaved. The memory is kept while it is large enough, so that a video's pictures
  // share it.
  void shape(int width, int height, int channels);

  int width() const { return width_; }
  int height() const { return height_; }
  int channels() const { return channels_; }
  int stride() const { return stride_; }  // bytes from one row's begin to the next one's
  std::uint8_t* data() { return memory_.get(); }
  const std::uint8_t* row(int y) const { return memory_.get() + std::ptrdiff_t{y} * stride_; }

  // As a picture of ours, without padding; four channels are BGRA, laid over black. Precondition: 3 or 4
  // channels.
  types::Image image() const;
  // Takes the shape and the pixels of a complete image.
  void copy(const types::Image& image);

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const { ::operator delete(memory, std::align_val_t{alignment}); }
  };

  int width_ = 0;
  int height_ = 0;
  int channels_ = 0;
  int stride_ = 0;
  std::size_t size_ = 0;  // of memory_
  std::unique_ptr<std::uint8_t, Free> memory_;
};

}  // namespace piste::video
