#include "camera/landmarks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace piste::camera {
namespace {

constexpr int cell = 16;            // px: one landmark in each at most
constexpr std::size_t most = 160;   // landmarks
constexpr float least_texture = 2;  // squared grey levels a pixel: less is the camera's noise
constexpr float of_edges = .05F;    // of an edge's strength: an edge holds in one direction
constexpr float border = 7;         // px, of the picture

struct Candidate {
  cv::Point2f at;
  float score = 0;
};

// How well a patch around each pixel holds: the lesser eigenvalue of its gradients' products, and a little of
// their sum.
cv::Mat hold_of(const cv::Mat& picture) {
  cv::Mat gx;
  cv::Mat gy;
  cv::Sobel(picture, gx, CV_32F, 1, 0, 3, .125);
  cv::Sobel(picture, gy, CV_32F, 0, 1, 3, .125);
  cv::Mat xx = gx.mul(gx);
  cv::Mat xy = gx.mul(gy);
  cv::Mat yy = gy.mul(gy);
  for (cv::Mat* sum : {&xx, &xy, &yy}) cv::boxFilter(*sum, *sum, CV_32F, {patch_side, patch_side});
  cv::Mat hold(picture.size(), CV_32F);
  for (int y = 0; y < hold.rows; ++y) {
    for (int x = 0; x < hold.cols; ++x) {
      const float a = xx.at<float>(y, x);
      const float b = xy.at<float>(y, x);
      const float c = yy.at<float>(y, x);
      const float lesser = (a + c - std::sqrt((a - c) * (a - c) + 4 * b * b)) / 2;
      hold.at<float>(y, x) = lesser + of_edges * (a + c);
    }
  }
  return hold;
}

bool among(cv::Point2f at, std::span<const cv::Rect2f> people) {
  return std::any_of(people.begin(), people.end(), [at](const cv::Rect2f& box) { return box.contains(at); });
}

std::vector<Candidate> candidates(const cv::Mat& picture, std::span<const cv::Rect2f> people) {
  const cv::Mat hold = hold_of(picture);
  std::vector<Candidate> found;
  for (int top = 0; top < picture.rows; top += cell) {
    for (int left = 0; left < picture.cols; left += cell) {
      Candidate best;
      for (int y = top; y < std::min(top + cell, picture.rows); ++y) {
        for (int x = left; x < std::min(left + cell, picture.cols); ++x) {
          const cv::Point2f at(static_cast<float>(x), static_cast<float>(y));
          if (hold.at<float>(y, x) > best.score && inside(picture, at.x, at.y, border) && !among(at, people))
            best = {at, hold.at<float>(y, x)};
        }
      }
      if (best.score >= least_texture) found.push_back(best);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  if (found.size() > most) found.resize(most);
  return found;
}

void about_mean(std::array<float, patch_pixels>& values) {
  float sum = 0;
  for (const float value : values) sum += value;
  for (float& value : values) value -= sum / static_cast<float>(patch_pixels);
}

Patch cut_out(const cv::Mat& picture, cv::Point2f at) {
  Patch patch;
  const auto clamped = [&](float x, float y) {
    return sample(picture, std::clamp(x, 0.F, static_cast<float>(picture.cols) - 1.01F),
                  std::clamp(y, 0.F, static_cast<float>(picture.rows) - 1.01F));
  };
  // With a pixel around it, for the gradients.
  constexpr std::size_t wide = patch_side + 2;
  constexpr float half = (wide - 1) / 2.F;
  std::array<float, wide * wide> values;
  for (std::size_t i = 0; i < wide; ++i) {
    for (std::size_t j = 0; j < wide; ++j)
      values[i * wide + j] =
          clamped(at.x + static_cast<float>(j) - half, at.y + static_cast<float>(i) - half);
  }
  for (std::size_t i = 0; i < patch_side; ++i) {
    for (std::size_t j = 0; j < patch_side; ++j) {
      const std::size_t index = i * patch_side + j;
      const std::size_t from = (i + 1) * wide + j + 1;
      patch.values[index] = values[from];
      patch.gx[index] = (values[from + 1] - values[from - 1]) / 2;
      patch.gy[index] = (values[from + wide] - values[from - wide]) / 2;
    }
  }
  about_mean(patch.values);
  about_mean(patch.gx);
  about_mean(patch.gy);
  for (std::size_t i = 0; i < patch_pixels; ++i) {
    patch.power += patch.values[i] * patch.values[i];
    patch.xx += patch.gx[i] * patch.gx[i];
    patch.xy += patch.gx[i] * patch.gy[i];
    patch.yy += patch.gy[i] * patch.gy[i];
    patch.vx += patch.values[i] * patch.gx[i];
    patch.vy += patch.values[i] * patch.gy[i];
  }
  return patch;
}

}  // namespace

std::vector<Landmark> find_landmarks(const Pyramid& picture, std::span<const cv::Rect2f> people) {
  std::vector<Landmark> landmarks;
  for (const Candidate& candidate : candidates(picture.base(), people)) {
    Landmark landmark;
    landmark.at = candidate.at;
    for (std::size_t i = 0; i < levels; ++i)
      landmark.patches[i] = cut_out(picture.level[i], landmark.at * (1.F / static_cast<float>(1U << i)));
    landmarks.push_back(landmark);
  }
  return landmarks;
}

}  // namespace piste::camera
