// libpng reports errors by longjmp: between setjmp and the last libpng call there are no objects with
// destructors.
#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "video/blend.h"
#include "video/codec.h"
#include "video/limits.h"
#include "video/png_picture.h"

namespace piste::video {
namespace {

constexpr png_alloc_size_t max_chunk_memory =
    8u << 20;  // for colour profiles and texts, which we do not look at

struct Failure {
  char text[128] = "unknown";
};

void on_error(png_structp png, png_const_charp text) {
  auto* failure = static_cast<Failure*>(png_get_error_ptr(png));
  std::strncpy(failure->text, text, sizeof failure->text - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

// libpng keeps a pointer to failure_ and to this object: neither copied nor moved.
class PngReader {
 public:
  explicit PngReader(std::span<const std::uint8_t> bytes)
      : rest_(bytes),
        png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, on_error, on_warning)),
        info_(png_ ? png_create_info_struct(png_) : nullptr) {}
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  // The header, and the conversion to 8-bit BGR or BGRA set up.
  bool begin() {
    if (!info_ || setjmp(png_jmpbuf(png_))) return false;
    png_set_user_limits(png_, max_side, max_side);
    png_set_chunk_malloc_max(png_, max_chunk_memory);
    png_set_read_fn(png_, this, read);
    png_read_info(png_, info_);
    // Palette and few-bit grey become 8 bits a channel, a transparent colour an alpha channel.
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_bgr(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  std::size_t row_bytes() const { return png_get_rowbytes(png_, info_); }
  int channels() const { return png_get_channels(png_, info_); }

  bool read_rows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_image(png_, rows);
    return true;
  }
  const char* error() const { return failure_.text; }

 private:
  static void read(png_structp png, png_bytep out, std::size_t size) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (size > self->rest_.size()) png_error(png, "cut short");
    std::memcpy(out, self->rest_.data(), size);
    self->rest_ = self->rest_.subspan(size);
  }

  Failure failure_;
  std::span<const std::uint8_t> rest_;
  png_structp png_;
  png_infop info_;
};

class PngWriter {
 public:
  PngWriter()
      : png_(png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure_, on_error, on_warning)),
        info_(png_ ? png_create_info_struct(png_) : nullptr) {}
  ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  // Fast rather than small: a lossless stream is for links where size matters less than the sender's time.
  bool write(const types::Image& image, png_bytepp rows) {
    if (!info_ || setjmp(png_jmpbuf(png_))) return false;
    png_set_write_fn(png_, &bytes_, append, nullptr);
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height),
                 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png_, 1);
    png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_write_info(png_, info_);
    png_set_bgr(png_);
    png_write_image(png_, rows);
    png_write_end(png_, nullptr);
    return true;
  }
  types::Bytes take() { return std::move(bytes_); }
  const char* error() const { return failure_.text; }

 private:
  static void append(png_structp png, png_bytep data, std::size_t size) {
    auto* bytes = static_cast<types::Bytes*>(png_get_io_ptr(png));
    bytes->insert(bytes->end(), data, data + size);
  }

  Failure failure_;
  types::Bytes bytes_;
  png_structp png_;
  png_infop info_;
};

std::vector<png_bytep> row_pointers(std::uint8_t* pixels, std::size_t row_bytes, int height) {
  std::vector<png_bytep> rows(static_cast<std::size_t>(height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = pixels + y * row_bytes;
  return rows;
}

}  // namespace

Result<types::Image> decode_png(std::span<const std::uint8_t> bytes, const PngHeader& header) {
  const auto pixels = static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
  PngReader reader(bytes);
  const auto failure = [&] {
    return Error{ErrorCode::unreadable, std::string("not a readable PNG: ") + reader.error()};
  };
  if (!reader.begin()) return failure();
  const bool transparent = reader.channels() == 4;
  types::Image image{header.width, header.height, types::Bytes(pixels * (transparent ? 4 : 3))};
  if (reader.row_bytes() * static_cast<std::size_t>(header.height) != image.bgr.size()) return failure();
  auto rows = row_pointers(image.bgr.data(), reader.row_bytes(), header.height);
  if (!reader.read_rows(rows.data())) return failure();
  if (transparent) {
    blend_over_black(image.bgr.data(), image.bgr.data(), pixels);
    image.bgr.resize(pixels * 3);
  }
  return image;
}

Result<types::Bytes> encode_png(const types::Image& image) {
  if (!is_complete(image)) return Error{ErrorCode::size_mismatch, "the image's bytes do not fit its size"};
  // libpng's rows are not const, but writing leaves them as they are.
  auto rows = row_pointers(const_cast<std::uint8_t*>(image.bgr.data()),
                           static_cast<std::size_t>(image.width) * 3, image.height);
  PngWriter writer;
  if (!writer.write(image, rows.data())) {
    return Error{ErrorCode::unsupported, std::string("PNG encoding failed: ") + writer.error()};
  }
  return writer.take();
}

}  // namespace piste::video
