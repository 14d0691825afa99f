#include <turbojpeg.h>

#include <string>
#include <string_view>
#include <utility>

#include "video/codec.h"
#include "video/jpeg.h"
#include "video/limits.h"

namespace piste::video {
namespace {

// TurboJPEG's state costs more to make than a small picture to decode, so each thread keeps one.
class Handle {
 public:
  explicit Handle(tjhandle handle) : handle_(handle) {}
  ~Handle() {
    if (handle_) tjDestroy(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  tjhandle get() const { return handle_; }

 private:
  tjhandle handle_;
};

tjhandle decompressor() {
  thread_local const Handle handle(tjInitDecompress());
  return handle.get();
}

tjhandle compressor() {
  thread_local const Handle handle(tjInitCompress());
  return handle.get();
}

struct TurboFree {
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

// Every program that writes four components stores them inverted, as Adobe did first: 255 is no ink.
void cmyk_to_bgr(const types::Bytes& cmyk, types::Bytes& bgr) {
  const auto product = [](unsigned a, unsigned b) { return static_cast<std::uint8_t>((a * b + 127) / 255); };
  std::uint8_t* out = bgr.data();
  for (std::size_t i = 0; i < cmyk.size(); i += 4, out += 3) {
    const unsigned key = cmyk[i + 3];
    out[0] = product(cmyk[i + 2], key);
    out[1] = product(cmyk[i + 1], key);
    out[2] = product(cmyk[i], key);
  }
}

// A warning means damage inside the picture; the picture is there.
bool decompress(std::span<const std::uint8_t> bytes, types::Bytes& pixels, int width, int height,
                int format) {
  const tjhandle handle = decompressor();
  const int flags = TJFLAG_LIMITSCANS | TJFLAG_FASTUPSAMPLE;
  return tjDecompress2(handle, bytes.data(), bytes.size(), pixels.data(), width, 0, height, format, flags) ==
             0 ||
         tjGetErrorCode(handle) == TJERR_WARNING;
}

}  // namespace

Result<types::Image> decode_jpeg(std::span<const std::uint8_t> bytes, const JpegHeader& header, int reduce) {
  const int width = (header.stored_width() + reduce - 1) / reduce;
  const int height = (header.stored_height() + reduce - 1) / reduce;
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  types::Image image{width, height, types::Bytes(pixels * 3)};
  bool decoded = false;
  if (header.components == 4) {
    types::Bytes cmyk(pixels * 4);
    decoded = decompress(bytes, cmyk, width, height, TJPF_CMYK);
    if (decoded) cmyk_to_bgr(cmyk, image.bgr);
  } else {
    decoded = decompress(bytes, image.bgr, width, height, TJPF_BGR);
  }
  if (decoded) return turned(std::move(image), header.orientation);
  return Error{ErrorCode::unreadable, std::string("not a readable JPEG: ") + tjGetErrorStr2(decompressor())};
}

bool is_whole_without_end(std::span<const std::uint8_t> bytes, const JpegHeader& header) {
  types::Bytes ended(bytes.begin(), bytes.end());
  while (!ended.empty() && ended.back() == 0xFF) ended.pop_back();
  ended.insert(ended.end(), {0xFF, 0xD9});
  // The smallest picture is enough: all blocks are read whatever its size.
  const int width = (header.stored_width() + 7) / 8, height = (header.stored_height() + 7) / 8;
  const bool four = header.components == 4;
  types::Bytes pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * (four ? 4 : 3));
  const tjhandle handle = decompressor();
  const int code = tjDecompress2(handle, ended.data(), ended.size(), pixels.data(), width, 0, height,
                                 four ? TJPF_CMYK : TJPF_BGR, TJFLAG_LIMITSCANS);
  // A camera's padding behind the data is no harm; data that end early are.
  return code == 0 ||
         std::string_view(tjGetErrorStr2(handle)).find("extraneous bytes") != std::string_view::npos;
}

Result<types::Bytes> encode_jpeg(const types::Image& image, int quality) {
  if (!is_complete(image)) return Error{ErrorCode::size_mismatch, "the image's bytes do not fit its size"};
  if (quality < 1 || quality > 100) return Error{ErrorCode::unsupported, "JPEG quality goes from 1 to 100"};
  unsigned char* raw = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(compressor(), image.bgr.data(), image.width, 0, image.height, TJPF_BGR, &raw,
                                 &size, TJSAMP_420, quality, 0);
  const std::unique_ptr<unsigned char, TurboFree> owner(raw);
  if (failed) {
    return Error{ErrorCode::unsupported,
                 std::string("JPEG encoding failed: ") + tjGetErrorStr2(compressor())};
  }
  return types::Bytes(raw, raw + size);
}

}  // namespace piste::video
