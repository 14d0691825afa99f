#include "server/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace piste::server {
namespace {

constexpr int margin = 4;  // modules, as the standard says

}  // namespace

QrCode::QrCode(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  if (!made) return;
  width_ = made->width;
  for (int i = 0; i < width_ * width_; ++i) dark_.push_back((made->data[i] & 1) != 0);
}

bool QrCode::dark(int x, int y) const {
  const bool inside = x >= 0 && y >= 0 && x < width_ && y < width_;
  return inside && dark_[static_cast<std::size_t>(y * width_ + x)];
}

std::string svg_of(const QrCode& code) {
  const std::string size = std::to_string(code.width() + 2 * margin);
  std::string out =
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + size + " " + size +
      R"(" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d=")";
  for (int y = 0; y < code.width(); ++y) {
    for (int x = 0; x < code.width(); ++x) {
      if (!code.dark(x, y)) continue;
      out += "M" + std::to_string(x + margin) + " " + std::to_string(y + margin) + "h1v1h-1z";
    }
  }
  return out + R"("/></svg>)";
}

}  // namespace piste::server
