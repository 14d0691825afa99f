// A text as a QR code.
#pragma once

#include <string>
#include <vector>

namespace piste::server {

class QrCode {
 public:
  explicit QrCode(const std::string& text);

  int width() const { return width_; }  // modules; 0: the text is too long
  bool dark(int x, int y) const;        // false around it, too

 private:
  int width_ = 0;
  std::vector<bool> dark_;
};

// As a picture without a size of its own, with the margin that scanners want.
std::string svg_of(const QrCode& code);

}  // namespace piste::server
