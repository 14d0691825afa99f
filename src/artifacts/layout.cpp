#include "artifacts/layout.h"

#include <algorithm>
#include <cmath>

#include "artifacts/band.h"

namespace piste::artifacts {
namespace {

constexpr double long_side = 1280, short_side = 720;
constexpr double card_part = .375;     // of a landscape's width
constexpr double narrow_below = 1000;  // pixels of width at scale 1

int even(double length) {
  return std::max(2, 2 * cvRound(length / 2));
}

}  // namespace

Layout layout_of(cv::Size received) {
  Layout out;
  out.received = received;
  const int longer = std::max(received.width, received.height);
  const int shorter = std::min(received.width, received.height);
  const double factor = std::min(long_side / longer, short_side / shorter);
  out.video = {even(received.width * factor), even(received.height * factor)};
  // By the area, so that a portrait's letters are as large as a landscape's.
  out.scale = std::clamp(std::sqrt(out.video.area() / (long_side * short_side)), .25, 2.);
  out.narrow = out.video.width < narrow_below * out.scale;
  out.whole = {out.video.width, out.video.height + even(band_height(out.narrow) * out.scale)};
  const int w = out.video.width, h = out.video.height;
  if (w >= h) {
    const int card = cvRound(w * card_part);
    out.stage = {0, 0, w - card, h};
    out.card = {w - card, 0, card, h};
  } else {
    out.stage = {0, 0, w, h / 2};
    out.card = {0, h / 2, w, h - h / 2};
  }
  return out;
}

}  // namespace piste::artifacts
