#include "artifacts/skeleton.h"

#include <array>
#include <cmath>
#include <utility>

namespace piste::artifacts {
namespace {

using namespace types::joint;
using Bone = std::pair<types::joint::Index, types::joint::Index>;

constexpr std::array<Bone, 12> bones{{{left_shoulder, right_shoulder},
                                      {left_hip, right_hip},
                                      {left_shoulder, left_hip},
                                      {right_shoulder, right_hip},
                                      {left_shoulder, left_elbow},
                                      {left_elbow, left_wrist},
                                      {right_shoulder, right_elbow},
                                      {right_elbow, right_wrist},
                                      {left_hip, left_knee},
                                      {left_knee, left_ankle},
                                      {right_hip, right_knee},
                                      {right_knee, right_ankle}}};
constexpr float sure = .2f;  // a joint below this score is drawn like a guess

bool is_known(const types::Keypoint& k) {
  return k.score > 0 && std::isfinite(k.x) && std::isfinite(k.y);
}

std::optional<cv::Point2d> middle(const types::Keypoint& a, const types::Keypoint& b,
                                  const Placing& placing) {
  if (!is_known(a) || !is_known(b)) return std::nullopt;
  return (placing.of(a) + placing.of(b)) / 2;
}

class Drawing {
 public:
  Drawing(Canvas& canvas, const types::TrackPoint& point, const Pen& pen, const Placing& placing,
          double scale)
      : canvas_(canvas),
        keypoints_(point.keypoints),
        guessed_(!point.seen || !point.reliable),
        faint_(pen.faint),
        colour_(guessed_ ? mixed(pen.colour, palette::dark_grey, .45) : pen.colour),
        placing_(placing),
        scale_(scale) {}

  void draw() {
    // A dark edge under everything keeps the lines apart from white clothes and bright floors.
    for (const auto& [a, b] : bones) draw_bone(a, b, true);
    draw_head(true);
    for (const auto& [a, b] : bones) draw_bone(a, b, false);
    draw_head(false);
    if (!guessed_ && !faint_) draw_joints();
  }

 private:
  double weight() const { return (faint_ ? .6 : 1) * scale_; }

  void draw_bone(Index a, Index b, bool edge) {
    if (!is_known(keypoints_[a]) || !is_known(keypoints_[b])) return;
    const bool guess = guessed_ || keypoints_[a].score < sure || keypoints_[b].score < sure;
    draw_line(placing_.of(keypoints_[a]), placing_.of(keypoints_[b]), guess, edge);
  }

  void draw_line(cv::Point2d from, cv::Point2d to, bool guess, bool edge) {
    const double thickness = (guess ? 2 : 3) * weight();
    if (guess) {
      if (!edge) canvas_.dashes(from, to, thickness, 6 * scale_, colour_);
    } else {
      canvas_.line(from, to, edge ? thickness + 2 * scale_ : thickness, edge ? palette::ink : colour_);
    }
  }

  void draw_head(bool edge) {
    const auto head = head_of(keypoints_, placing_);
    const auto neck = middle(keypoints_[left_shoulder], keypoints_[right_shoulder], placing_);
    if (!head || !neck) return;
    const auto hips = middle(keypoints_[left_hip], keypoints_[right_hip], placing_);
    const double radius = std::clamp(hips ? cv::norm(*hips - *neck) * .24 : 0., 6 * scale_, 40 * scale_);
    const cv::Point2d towards = *neck - *head;
    const double length = cv::norm(towards);
    if (length > radius) draw_line(*head + towards * (radius / length), *neck, guessed_, edge);
    const double thickness = (guessed_ ? 1.5 : 2.5) * weight();
    canvas_.ring(*head, radius, edge ? thickness + 2 * scale_ : thickness, edge ? palette::ink : colour_,
                 edge ? .6 : 1);
  }

  void draw_joints() {
    for (std::size_t i = left_shoulder; i < count; ++i) {
      if (!is_known(keypoints_[i]) || keypoints_[i].score < sure) continue;
      canvas_.disc(placing_.of(keypoints_[i]), 3 * scale_, palette::white, .95);
    }
  }

  Canvas& canvas_;
  const types::Keypoints& keypoints_;
  const bool guessed_;
  const bool faint_;
  const Colour colour_;
  const Placing& placing_;
  const double scale_;
};

}  // namespace

std::optional<cv::Point2d> head_of(const types::Keypoints& keypoints, const Placing& placing) {
  cv::Point2d sum;
  int known = 0;
  for (std::size_t i = nose; i <= right_ear; ++i) {
    if (!is_known(keypoints[i])) continue;
    sum += placing.of(keypoints[i]);
    ++known;
  }
  if (known == 0) return std::nullopt;
  return sum / known;
}

std::optional<cv::Point2d> front_wrist_of(const types::Keypoints& keypoints, types::Side side,
                                          const Placing& placing) {
  const auto& a = keypoints[left_wrist];
  const auto& b = keypoints[right_wrist];
  if (!is_known(a) || !is_known(b)) return std::nullopt;
  return placing.of((side == types::Side::left) == (a.x > b.x) ? a : b);
}

void draw_skeleton(Canvas& canvas, const types::TrackPoint& point, const Pen& pen, const Placing& placing,
                   double scale) {
  Drawing(canvas, point, pen, placing, scale).draw();
}

}  // namespace piste::artifacts
