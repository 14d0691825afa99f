#include "artifacts/close_up.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "artifacts/artifacts.h"

namespace piste::artifacts {
namespace {

constexpr double around = .35;   // of the fencers' height, that is shown beside and above them
constexpr double largest = 2.5;  // drawn pixels per pixel of the video's part: more shows no more

// Around both fencers while it lasts; nullopt where they were not seen.
std::optional<cv::Rect2d> fencers_place(const types::Analysis& analysis) {
  const Repeat repeat = repeat_of(analysis);
  std::optional<cv::Rect2d> place;
  for (const auto side : types::both_sides) {
    for (const auto& point : analysis.tracks[side].points) {
      if (!point.seen || !repeat.shows(point.time)) continue;
      for (const auto& k : point.keypoints) {
        const cv::Rect2d one(k.x, k.y, 1, 1);
        const bool within = k.x >= 0 && k.y >= 0 && k.x < analysis.width && k.y < analysis.height;
        if (k.score > 0 && within) place = place ? *place | one : one;
      }
    }
  }
  if (!place) return std::nullopt;
  const double more = place->height * around;
  return cv::Rect2d(place->x - more, place->y - more, place->width + 2 * more, place->height + 1.5 * more);
}

// Grown to the shape, then moved into the picture and cut where it is larger than that.
cv::Rect2d shaped(const cv::Rect2d& place, double shape, double least_width, cv::Size picture) {
  double width = std::max({place.width, place.height * shape, least_width});
  double height = width / shape;
  const double middle_x = place.x + place.width / 2, middle_y = place.y + place.height / 2;
  width = std::min<double>(width, picture.width);
  height = std::min<double>(height, picture.height);
  return {std::clamp(middle_x - width / 2, 0., picture.width - width),
          std::clamp(middle_y - height / 2, 0., picture.height - height), width, height};
}

}  // namespace

CloseUp close_up_of(const types::Analysis& analysis, const Layout& layout) {
  const cv::Size stage = layout.stage.size();
  const double factor = layout.placing().factor;
  const cv::Rect2d whole(0, 0, analysis.width, analysis.height);
  CloseUp out;
  out.from = shaped(fencers_place(analysis).value_or(whole), stage.width / double(stage.height),
                    stage.width / (factor * largest), layout.received);
  const double onto = std::min(stage.width / out.from.width, stage.height / out.from.height);
  const int width = std::min(stage.width, std::max(1, cvRound(out.from.width * onto)));
  const int height = std::min(stage.height, std::max(1, cvRound(out.from.height * onto)));
  out.onto = {(stage.width - width) / 2, (stage.height - height) / 2, width, height};
  return out;
}

}  // namespace piste::artifacts
