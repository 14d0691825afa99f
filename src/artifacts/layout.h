// Where everything has its place in the overlay. Internal to the module.
#pragma once

#include <opencv2/core.hpp>

#include "types/pose.h"

namespace piste::artifacts {

// Where the pixels of the received frames come to lie.
struct Placing {
  double factor = 1;     // drawn pixels per received pixel
  cv::Point2d origin{};  // received pixels: what comes to lie at 0, 0
  cv::Point2d of(const types::Keypoint& k) const {
    return {(k.x - origin.x) * factor, (k.y - origin.y) * factor};
  }
};

// The video on top, a band of its own below it: nothing that is told ever hides what is seen. While the last
// second is shown again, the video's part is a stage with the card beside it, or below it in a portrait.
struct Layout {
  double scale = 1;  // of letters and lines: 1 at 1280 x 720
  cv::Size received;
  cv::Size video;
  cv::Size whole;
  bool narrow = false;  // the band has a line of its own for the caption
  cv::Rect stage;
  cv::Rect card;

  cv::Rect band() const { return {0, video.height, whole.width, whole.height - video.height}; }
  Placing placing() const { return {static_cast<double>(video.width) / received.width, {}}; }
};

// received: size of the received frames, at least 1 x 1. Small ones are enlarged to 720 lines (a portrait's
// columns), large ones made smaller to that.
Layout layout_of(cv::Size received);

}  // namespace piste::artifacts
