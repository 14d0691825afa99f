// What sanitizers do not see: hand-written assembly in foreign libraries that reads or writes past a picture.
// Here a picture's memory ends where a page begins that cannot be touched. The pixels are those of a plain
// conversion.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <turbojpeg.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "video/frame_decoder.h"
#include "video/lens.h"
#include "video/picture.h"
#include "video/test_pictures.h"
#include "video/unit_encoder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace {

// Memory of these tests: while a Guard lives in a thread, what it takes by new ends at a page without access.
constexpr std::size_t page = 4096;
constexpr std::size_t least_guarded = 64;  // bytes; smaller ones are no pictures
thread_local bool guarded = false;

struct Block {
  std::atomic<void*> pointer{nullptr};
  void* mapping = nullptr;
  std::size_t size = 0;
};
std::array<Block, 64> blocks;
std::atomic<int> blocks_in_use = 0;

void* take_guarded(std::size_t size, std::size_t alignment) {
  for (Block& block : blocks) {
    void* free = nullptr;
    if (!block.pointer.compare_exchange_strong(free, &block)) continue;
    const std::size_t whole = (size + page - 1) / page * page;
    void* mapping = ::mmap(nullptr, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED || ::mprotect(static_cast<char*>(mapping) + whole, page, PROT_NONE) != 0)
      std::abort();
    block.mapping = mapping;
    block.size = whole + page;
    block.pointer = static_cast<char*>(mapping) + (whole - size) / alignment * alignment;
    ++blocks_in_use;
    return block.pointer;
  }
  std::abort();  // more blocks at a time than these tests need
}

void* take(std::size_t size, std::size_t alignment) {
  // A picture's bytes are asked for without an alignment, and libraries must not count on one.
  if (guarded && size >= least_guarded) return take_guarded(size, alignment);
  void* memory = alignment > alignof(std::max_align_t)
                     ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)
                     : std::malloc(size ? size : 1);
  if (!memory) throw std::bad_alloc();
  return memory;
}

void give_back(void* memory) {
  if (memory && blocks_in_use > 0) {
    for (Block& block : blocks) {
      if (block.pointer != memory) continue;
      ::munmap(block.mapping, block.size);
      --blocks_in_use;
      block.pointer = nullptr;
      return;
    }
  }
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;
using types::Image;

class Guard {
 public:
  Guard() { guarded = true; }
  ~Guard() { guarded = false; }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
};

// The same picture in memory that is guarded.
Image guarded_copy(const Image& image) {
  const Guard guard;
  return image;
}

// The x87 registers are MMX's as well: who leaves them in use makes every long double of the thread NaN.
bool leaves_mmx_state() {
#if defined(__x86_64__)
  std::array<std::uint32_t, 7> environment{};
  asm volatile("fnstenv %0\n\tfldenv %0" : "+m"(environment));
  return (environment[2] & 0xFFFF) != 0xFFFF;
#else
  return false;
#endif
}

constexpr int first_width = 16;
constexpr int last_width = 700;
// A few rows will do, of odd and even number.
int rows_for(int width) {
  return 16 + width % 5;
}

constexpr std::array formats{
    AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV422P,     AV_PIX_FMT_YUVJ422P,
    AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE,
    AV_PIX_FMT_P010LE,  AV_PIX_FMT_NV12,     AV_PIX_FMT_NV21,        AV_PIX_FMT_YUYV422,
    AV_PIX_FMT_UYVY422, AV_PIX_FMT_GRAY8,    AV_PIX_FMT_RGB24,       AV_PIX_FMT_BGR24,
    AV_PIX_FMT_RGBA,    AV_PIX_FMT_BGRA,     AV_PIX_FMT_GBRP,        AV_PIX_FMT_YUV411P,
};

std::string name_of(AVPixelFormat format) {
  return av_get_pix_fmt_name(format);
}

// Brightness is noise, so that each column is its own. Colour is that of fields of 32 pixels, the last ones
// larger: where the chroma samples lie between the pixels, and how they are brought up to their number, is
// left to the converter, so near the border of two fields nothing is compared.
constexpr int field = 32;

int noise(int x, int y, int channel) {
  const auto mixed = (static_cast<std::uint32_t>(x) * 73856093u ^ static_cast<std::uint32_t>(y) * 19349663u ^
                      static_cast<std::uint32_t>(channel + 1) * 83492791u) *
                     2654435761u;
  return static_cast<int>(mixed >> 24);
}

int field_at(int at, int size) {
  return std::min(at / field, std::max(size / field, 1) - 1);
}

// Whether all within reach of this place are of the same field, beyond the picture's edge nothing is.
bool is_inside_field(int at, int size, int reach) {
  return field_at(std::max(at - reach, 0), size) == field_at(std::min(at + reach, size - 1), size);
}

// Component values at a pixel, of 8 bits: deeper formats have them shifted up.
struct Pattern {
  const AVPixFmtDescriptor& format;
  int width;
  int height;
  bool full;
  bool flat = false;  // one colour throughout

  bool is_rgb() const { return format.flags & AV_PIX_FMT_FLAG_RGB; }
  bool is_chroma(int component) const { return !is_rgb() && (component == 1 || component == 2); }
  int at(int component, int x, int y) const {
    if (flat) return std::array{120, 100, 160, 255}[static_cast<std::size_t>(component)];
    if (is_chroma(component))
      return 80 + noise(field_at(x, width), field_at(y, height), component) * 96 / 255;
    const int value = noise(x, y, component);
    return is_rgb() || full || component == 3 ? value : 16 + value * 219 / 255;
  }
  bool is_certain(int x, int y) const {
    return flat || is_rgb() || format.nb_components < 3 ||
           (is_inside_field(x, width, 2 << format.log2_chroma_w) &&
            is_inside_field(y, height, 2 << format.log2_chroma_h));
  }
};

bool is_full(AVPixelFormat format) {
  return name_of(format).starts_with("yuvj") || format == AV_PIX_FMT_GRAY8;
}

FramePtr frame_in(AVPixelFormat format, int width, int height, bool flat = false) {
  FramePtr frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  if (format == AV_PIX_FMT_GRAY8) frame->color_range = AVCOL_RANGE_JPEG;
  if (av_frame_get_buffer(frame.get(), 0) < 0) std::abort();
  for (const AVBufferRef* buffer : frame->buf) {
    if (buffer) std::fill_n(buffer->data, buffer->size, std::uint8_t{0});  // lines are added to what is there
  }
  const AVPixFmtDescriptor& description = *av_pix_fmt_desc_get(format);
  const Pattern pattern{description, width, height, is_full(format), flat};
  std::vector<std::uint16_t> row(static_cast<std::size_t>(width));
  for (int c = 0; c < description.nb_components; ++c) {
    const int right = pattern.is_chroma(c) ? description.log2_chroma_w : 0;
    const int down = pattern.is_chroma(c) ? description.log2_chroma_h : 0;
    for (int y = 0; y < -(-height >> down); ++y) {
      const int count = -(-width >> right);
      for (int x = 0; x < count; ++x)
        row[static_cast<std::size_t>(x)] = static_cast<std::uint16_t>(pattern.at(c, x << right, y << down)
                                                                      << (description.comp[c].depth - 8));
      const std::array<std::uint8_t*, 4> planes{frame->data[0], frame->data[1], frame->data[2],
                                                frame->data[3]};
      const std::array<int, 4> strides{frame->linesize[0], frame->linesize[1], frame->linesize[2],
                                       frame->linesize[3]};
      av_write_image_line2(row.data(), const_cast<std::uint8_t**>(planes.data()), strides.data(),
                           &description, 0, y, c, count, 2);
    }
  }
  return frame;
}

double clipped(double value) {
  return std::clamp(value, 0., 255.);
}

// BGR of one pixel of frame_in(), by the formulas of ITU-R BT.601 and 709.
class Plain {
 public:
  Plain(AVPixelFormat format, int width, int height, bool flat = false)
      : description_(*av_pix_fmt_desc_get(format)),
        pattern_{description_, width, height, is_full(format), flat} {
    if (height >= 720) kr_ = .2126, kb_ = .0722;
  }

  std::array<double, 3> operator()(int x, int y) const {
    if (description_.nb_components < 3) {
      const double grey = pattern_.at(0, x, y);
      return {grey, grey, grey};
    }
    if (pattern_.is_rgb()) {
      const double alpha = description_.nb_components == 4 ? pattern_.at(3, x, y) / 255. : 1;
      return {pattern_.at(2, x, y) * alpha, pattern_.at(1, x, y) * alpha, pattern_.at(0, x, y) * alpha};
    }
    double luma = pattern_.at(0, x, y), u = pattern_.at(1, x, y) - 128, v = pattern_.at(2, x, y) - 128;
    if (!pattern_.full) luma = (luma - 16) * 255 / 219, u = u * 255 / 224, v = v * 255 / 224;
    const double blue = luma + 2 * (1 - kb_) * u, red = luma + 2 * (1 - kr_) * v;
    const double green = (luma - kr_ * red - kb_ * blue) / (1 - kr_ - kb_);
    return {clipped(blue), clipped(green), clipped(red)};
  }

  bool is_certain(int x, int y) const { return pattern_.is_certain(x, y); }

 private:
  const AVPixFmtDescriptor& description_;
  const Pattern pattern_;
  double kr_ = .299, kb_ = .114;
};

// The largest difference in the rows that are looked at. Turned: the pixel (x, y) of the frame is found where
// the orientation puts it.
double worst(const Image& image, const Plain& plain, int width, int height, Orientation orientation,
             int row_step) {
  double result = 0;
  for (int y = 0; y < height; y += (y + row_step < height ? row_step : 1)) {
    for (int x = 0; x < width; ++x) {
      if (!plain.is_certain(x, y)) continue;
      int to_x = orientation.transpose ? y : x, to_y = orientation.transpose ? x : y;
      if (orientation.flip_x) to_x = image.width - 1 - to_x;
      if (orientation.flip_y) to_y = image.height - 1 - to_y;
      const auto expected = plain(x, y);
      const auto* pixel = &image.bgr[static_cast<std::size_t>(to_y * image.width + to_x) * 3];
      for (std::size_t c = 0; c < 3; ++c)
        result = std::max(result, std::abs(std::round(expected[c]) - pixel[c]));
    }
  }
  return result;
}

constexpr double tolerance = 2;

void expect_plain(AVPixelFormat format, int width, int height, Orientation orientation, int row_step = 1) {
  const auto frame = frame_in(format, width, height);
  const Guard guard;
  PictureConverter converter(orientation.transpose ? height : width, orientation.transpose ? width : height);
  const auto image = converter.convert(*frame, orientation);
  guarded = false;
  ASSERT_TRUE(image.ok());
  EXPECT_FALSE(leaves_mmx_state()) << name_of(format) << " " << width << "x" << height;
  ASSERT_EQ(image->width, orientation.transpose ? height : width);
  ASSERT_LE(worst(*image, Plain(format, width, height), width, height, orientation, row_step), tolerance)
      << name_of(format) << " " << width << "x" << height;
}

constexpr Orientation upright{};
constexpr Orientation quarter{true, true, false};

class PictureMemory : public testing::TestWithParam<AVPixelFormat> {};

TEST_P(PictureMemory, OfEveryWidthIsThatOfAPlainConversion) {
  for (int width = first_width; width <= last_width; ++width) {
    expect_plain(GetParam(), width, rows_for(width), upright);
    if (width % 4 == 3) expect_plain(GetParam(), width, rows_for(width), quarter);
    if (HasFatalFailure()) return;
  }
}

TEST_P(PictureMemory, OfTheUsualSizesIsThatOfAPlainConversion) {
  constexpr std::pair<int, int> sizes[] = {{426, 240},  {568, 320},   {640, 360},   {640, 480},
                                           {848, 480},  {854, 480},   {960, 540},   {1280, 720},
                                           {1366, 768}, {1920, 1080}, {2704, 1520}, {3840, 2160}};
  for (const auto& [width, height] : sizes) {
    const int step = height > 500 ? 61 : 7;
    for (const Orientation orientation : {upright, quarter}) {
      expect_plain(GetParam(), width, height, orientation, step);
      expect_plain(GetParam(), height, width, orientation, step);
      if (HasFatalFailure()) return;
      if (height > 1100) break;  // turned ones are alike, and dear
    }
  }
}

TEST_P(PictureMemory, OfAReducedPictureIsItsColour) {
  for (int width = first_width; width <= last_width; ++width) {
    const auto frame = frame_in(GetParam(), width, rows_for(width), true);
    for (const int reduce : {2, 4}) {
      const int small_width = (width + reduce - 1) / reduce,
                small_height = (frame->height + reduce - 1) / reduce;
      const Guard guard;
      PictureConverter converter(small_width, small_height);
      const auto image = converter.convert(*frame);
      guarded = false;
      ASSERT_TRUE(image.ok());
      EXPECT_FALSE(leaves_mmx_state());
      const Plain plain(GetParam(), small_width, small_height, true);
      ASSERT_LE(worst(*image, plain, small_width, small_height, upright, 1), tolerance)
          << name_of(GetParam()) << " " << width << "/" << reduce;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, PictureMemory, testing::ValuesIn(formats),
                         [](const auto& test) { return name_of(test.param); });

// Slow enough for lossy codecs, whatever the width.
Image gentle(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {40 + x / 5, 60 + y, 180 - x / 7})
        image.bgr.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return image;
}

// The mean difference of a band of columns.
double difference_at_right(const Image& a, const Image& b, int columns) {
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int i = (a.width - columns) * 3; i < a.width * 3; ++i) {
      const auto at = static_cast<std::size_t>(y * a.width * 3 + i);
      sum += std::abs(int{a.bgr[at]} - int{b.bgr[at]});
    }
  }
  return sum / (a.height * columns * 3);
}

// What an odd size keeps.
Image even_part(const Image& image) {
  Image even{image.width & ~1, image.height & ~1, {}};
  for (int y = 0; y < even.height; ++y) {
    const auto row = image.bgr.begin() + std::ptrdiff_t{y} * image.width * 3;
    even.bgr.insert(even.bgr.end(), row, row + std::ptrdiff_t{even.width} * 3);
  }
  return even;
}

void expect_to_come_back_from_h264(int width, int height) {
  const Image image = guarded_copy(gentle(width, height));
  const Image even = even_part(image);
  auto encoder = UnitEncoder::create(width, height, {30, 1'000'000}).value();
  FrameDecoder decoder(1);
  const Guard guard;
  const auto unit = encoder->encode(image, 0, true);
  ASSERT_TRUE(unit.ok());
  const auto back = decoder.decode(frame_of(unit->bytes, Encoding::h264, even.width, even.height));
  guarded = false;
  ASSERT_TRUE(back.ok()) << back.error().message << " " << width << "x" << height;
  EXPECT_FALSE(leaves_mmx_state());
  ASSERT_LT(difference(*back, even), 3) << width;
  ASSERT_LT(difference_at_right(*back, even, 8), 4) << width;
}

TEST(EncoderMemory, OfEveryWidthComesBack) {
  for (int width = first_width; width <= last_width; ++width) {
    expect_to_come_back_from_h264(width, rows_for(width));
    if (HasFatalFailure()) return;
  }
}

// The decoder's bound for a picture's memory knows of the rows' alignment.
TEST(EncoderMemory, OfUprightSizesComesBack) {
  for (const int width : {66, 130, 202, 258, 386, 450, 514, 720}) {
    expect_to_come_back_from_h264(width, 160);
    if (HasFatalFailure()) return;
  }
}

Bytes jpeg_with(const Image& image, int sampling) {
  const tjhandle handle = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, image.bgr.data(), image.width, 0, image.height, TJPF_BGR, &out, &size, sampling, 95, 0);
  Bytes bytes(out, out + size);
  tjFree(out);
  tjDestroy(handle);
  return bytes;
}

TEST(JpegMemory, OfEveryWidthSamplingAndReductionComesBack) {
  for (int width = first_width; width <= last_width; ++width) {
    const Image image = gentle(width, rows_for(width));
    for (const int sampling : {TJSAMP_420, TJSAMP_422, TJSAMP_444, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY}) {
      guarded = true;
      auto frame = frame_of(jpeg_with(guarded_copy(image), sampling), Encoding::jpeg, width, image.height);
      guarded = false;
      for (const int reduce : {1, 2, 4}) {
        guarded = true;
        const auto back = decode(frame, reduce);
        guarded = false;
        ASSERT_TRUE(back.ok()) << back.error().message;
        ASSERT_EQ(back->width, (width + reduce - 1) / reduce);
        EXPECT_FALSE(leaves_mmx_state());
        if (reduce == 1 && sampling != TJSAMP_GRAY) {
          ASSERT_LT(difference(*back, image), 3) << width;
          ASSERT_LT(difference_at_right(*back, image, 8), 5) << width;
        }
      }
    }
  }
}

TEST(PngMemory, OfEveryWidthComesBack) {
  for (int width = first_width; width <= last_width; ++width) {
    const Image image = guarded_copy(gentle(width, rows_for(width)));
    guarded = true;
    const auto frame = frame_of(encode_png(image).value(), Encoding::png, width, image.height);
    const auto back = decode(frame);
    const auto half = decode(frame, 2);
    guarded = false;
    ASSERT_TRUE(back.ok() && half.ok());
    EXPECT_EQ(back->bgr, image.bgr);
    EXPECT_FALSE(leaves_mmx_state());
  }
}

TEST(LensMemory, OfEveryWidthIsLeftInPeace) {
  for (int width = first_width; width <= last_width; width += 7) {
    const Image image = guarded_copy(ramps(width, 40));
    const Guard guard;
    const Lens lens{width, 40, width / 2., width / 2., width / 2., 20, {.01, 0, 0, 0}};
    EXPECT_EQ(undistort(lens, image).bgr.size(), image.bgr.size());
  }
}

}  // namespace
}  // namespace piste::video
