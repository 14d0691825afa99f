#include "pose/heads.h"

#include <algorithm>
#include <cmath>

namespace piste::pose {

namespace {

constexpr std::size_t kMostPersons = 20;

float intersection_over_union(const types::BoundingBox& a, const types::BoundingBox& b) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const float shared = width * height;
  return shared / (a.width() * a.height() + b.width() * b.height() - shared);
}

}  // namespace

bool matches(const Shape& declared, const Shape& wanted) {
  return std::equal(
      declared.begin(), declared.end(), wanted.begin(), wanted.end(),
      [](std::int64_t has, std::int64_t wants) { return has == wants || has < 0 || wants < 0; });
}

Error wrong_kind(const std::string& name, const std::string& what) {
  return {ErrorCode::model, "model " + name + " is not of a kind that is known: " + what};
}

std::vector<types::Pose> best_apart(std::vector<types::Pose> poses, float overlap) {
  std::stable_sort(poses.begin(), poses.end(),
                   [](const types::Pose& a, const types::Pose& b) { return a.score > b.score; });
  std::vector<types::Pose> kept;
  for (const types::Pose& pose : poses) {
    if (kept.size() == kMostPersons) break;
    const bool apart = std::none_of(kept.begin(), kept.end(), [&](const types::Pose& better) {
      return intersection_over_union(better.box, pose.box) > overlap;
    });
    if (apart) kept.push_back(pose);
  }
  return kept;
}

types::Keypoints read_keypoints(std::span<const float> triples, const TripleOrder& order, float unit_x,
                                float unit_y, const Framing& framing) {
  types::Keypoints keypoints;
  for (std::size_t i = 0; i < keypoints.size(); ++i) {
    const float x = framing.x(triples[3 * i + order.x] * unit_x);
    const float y = framing.y(triples[3 * i + order.y] * unit_y);
    const float score = triples[3 * i + order.score];
    if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(score)) continue;
    keypoints[i] = {x, y, std::clamp(score, 0.0F, 1.0F)};
  }
  return keypoints;
}

types::BoundingBox extent(const types::Keypoints& keypoints) {
  types::BoundingBox box;
  bool first = true;
  for (const types::Keypoint& point : keypoints) {
    if (point.score <= 0) continue;
    box = first ? types::BoundingBox{point.x, point.y, point.x, point.y}
                : types::BoundingBox{std::min(box.left, point.x), std::min(box.top, point.y),
                                     std::max(box.right, point.x), std::max(box.bottom, point.y)};
    first = false;
  }
  return box;
}

}  // namespace piste::pose
