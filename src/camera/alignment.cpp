#include "camera/alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/median.h"

namespace piste::camera {
namespace {

using types::View;

constexpr std::array<int, levels> most_rounds{4, 4, 8};  // by level
constexpr double converged = .004;                       // px of the level
constexpr float usual_noise = 64 * 4;  // of a patch: those with little more in them count less
constexpr float margin = 5;            // px of the level, of a patch's middle to the picture's edge
constexpr float alike = .75F;          // correlation of a patch that looks as it did
constexpr std::size_t least_good = 10;
constexpr double least_share = .4;     // of the visible
constexpr double share_anywhere = .5;  // likewise, ...
constexpr double all_anywhere = .3;    // ... and of all, where the view was not expected
constexpr double most_zoom = 1.5;      // between the pictures
constexpr double loosest = 1.2;        // squared difference, 0: alike, 2: nothing in common
constexpr double tightest = .15;
constexpr double looseness = 2.5;  // of the median
constexpr int search_reach = 14;   // px of the smallest level
constexpr int search_step = 2;

// What a patch says about the view that is being tried.
struct Reading {
  const Landmark* landmark;
  float correlation;
  double x;  // of the landmark, about the landmarks' middle
  double y;
  double bx;  // gradients times differences
  double by;
};

class Aligner {
 public:
  Aligner(const std::vector<Landmark>& landmarks, const Pyramid& picture, std::span<const cv::Rect2f> people,
          const View& guess)
      : landmarks_(landmarks), picture_(picture), people_(people), view_(guess) {
    for (const Landmark& landmark : landmarks_) middle_ += landmark.at;
    if (!landmarks_.empty()) middle_ *= 1.F / static_cast<float>(landmarks_.size());
  }

  void search();
  void refine(std::size_t level);
  Alignment result();

 private:
  cv::Point2d seen_at(cv::Point2f at) const {
    return {view_.a * at.x - view_.b * at.y + view_.x, view_.b * at.x + view_.a * at.y + view_.y};
  }
  bool hidden(cv::Point2d at) const {
    const cv::Point2f point(at);
    return std::any_of(people_.begin(), people_.end(),
                       [point](const cv::Rect2f& box) { return box.contains(point); });
  }
  std::optional<Reading> read(const Landmark& landmark, std::size_t level) const;
  void read_all(std::size_t level);
  double limit() const;
  bool step(std::size_t level);

  const std::vector<Landmark>& landmarks_;
  const Pyramid& picture_;
  const std::span<const cv::Rect2f> people_;
  View view_;
  cv::Point2f middle_;
  std::vector<Reading> readings_;
};

std::optional<Reading> Aligner::read(const Landmark& landmark, std::size_t level) const {
  const cv::Point2d at = seen_at(landmark.at);
  if (hidden(at)) return std::nullopt;
  const cv::Mat& picture = picture_.level[level];
  const float smaller = 1.F / static_cast<float>(1U << level);
  const auto x = static_cast<float>(at.x) * smaller;
  const auto y = static_cast<float>(at.y) * smaller;
  if (!inside(picture, x, y, margin * std::max(1.F, static_cast<float>(view_.zoom())))) return std::nullopt;
  const auto a = static_cast<float>(view_.a);
  const auto b = static_cast<float>(view_.b);
  const Patch& patch = landmark.patches[level];
  constexpr float half = (patch_side - 1) / 2.F;
  std::array<float, patch_pixels> values;
  float sum = 0;
  for (int i = 0; i < patch_side; ++i) {
    const float v = static_cast<float>(i) - half;
    for (int j = 0; j < patch_side; ++j) {
      const float u = static_cast<float>(j) - half;
      const float value = sample(picture, x + a * u - b * v, y + b * u + a * v);
      values[static_cast<std::size_t>(i * patch_side + j)] = value;
      sum += value;
    }
  }
  const float mean = sum / static_cast<float>(patch_pixels);
  float power = 0;
  float common = 0;
  float gx = 0;
  float gy = 0;
  for (std::size_t i = 0; i < patch_pixels; ++i) {
    const float value = values[i] - mean;
    power += value * value;
    common += value * patch.values[i];
    gx += value * patch.gx[i];
    gy += value * patch.gy[i];
  }
  const float gain = std::clamp(std::sqrt(patch.power / std::max(power, 1e-3F)), .5F, 2.F);
  Reading reading{};
  reading.landmark = &landmark;
  reading.correlation = common / std::sqrt(std::max(power * patch.power, 1e-3F));
  reading.x = landmark.at.x - middle_.x;
  reading.y = landmark.at.y - middle_.y;
  reading.bx = gain * gx - patch.vx;
  reading.by = gain * gy - patch.vy;
  return reading;
}

void Aligner::read_all(std::size_t level) {
  readings_.clear();
  for (const Landmark& landmark : landmarks_) {
    if (const auto reading = read(landmark, level)) readings_.push_back(*reading);
  }
}

// How unlike a patch may look and still count.
double Aligner::limit() const {
  std::vector<double> differences;
  differences.reserve(readings_.size());
  for (const Reading& reading : readings_) differences.push_back(2 - 2 * reading.correlation);
  return std::clamp(looseness * base::median(std::move(differences)), tightest, loosest);
}

// One step of least squares; true: it was a small one.
bool Aligner::step(std::size_t level) {
  read_all(level);
  if (readings_.size() < least_good) return true;
  const double most = limit();
  const double smaller = 1. / (1U << level);
  cv::Matx44d normal = cv::Matx44d::eye() * 1e-9;
  cv::Vec4d right;
  for (const Reading& reading : readings_) {
    const double unlike = (2 - 2 * reading.correlation) / most;
    if (unlike >= 1) continue;
    const Patch& patch = reading.landmark->patches[level];
    const double weight = (1 - unlike * unlike) * (1 - unlike * unlike) / (patch.power + usual_noise);
    // The patch's shift by (dx, dy, zoom, roll) about the landmarks' middle, in pixels of the level.
    const cv::Matx<double, 2, 4> by(1, 0, reading.x * smaller, -reading.y * smaller, 0, 1,
                                    reading.y * smaller, reading.x * smaller);
    const cv::Matx22d products(patch.xx, patch.xy, patch.xy, patch.yy);
    normal += by.t() * (products * by) * weight;
    right += by.t() * cv::Vec2d(reading.bx, reading.by) * weight;
  }
  cv::Vec4d shift;
  if (!cv::solve(normal, right, shift, cv::DECOMP_CHOLESKY)) return true;
  const double reach = picture_.level[level].cols / 2.;
  // A step never goes further than the patches can have seen.
  const double size = std::hypot(shift[0], shift[1]) + reach * std::hypot(shift[2], shift[3]);
  if (!std::isfinite(size)) return true;
  if (size > patch_side / 2.) shift *= patch_side / 2. / size;
  const double larger = 1U << level;
  View back{1 + shift[2], shift[3], 0, 0};  // about the middle
  back.x = middle_.x + shift[0] * larger - (back.a * middle_.x - back.b * middle_.y);
  back.y = middle_.y + shift[1] * larger - (back.b * middle_.x + back.a * middle_.y);
  view_ = types::after(view_, types::inverse(back));
  return size < converged;
}

void Aligner::refine(std::size_t level) {
  for (int i = 0; i < most_rounds[level]; ++i) {
    if (step(level)) return;
  }
}

// The shift at which most patches of the smallest level look as they did.
void Aligner::search() {
  constexpr std::size_t level = levels - 1;
  constexpr double larger = 1U << level;
  const View begin = view_;
  View best = view_;
  double most = -1;
  for (int dy = -search_reach; dy <= search_reach; dy += search_step) {
    for (int dx = -search_reach; dx <= search_reach; dx += search_step) {
      view_ = begin;
      view_.x += dx * larger;
      view_.y += dy * larger;
      double sum = 0;
      std::size_t seen = 0;
      for (std::size_t i = 0; i < landmarks_.size(); i += 4) {
        const auto reading = read(landmarks_[i], level);
        if (!reading) continue;
        sum += std::max(0.F, reading->correlation);
        ++seen;
      }
      if (seen < landmarks_.size() / 12) continue;
      const double score = sum / std::sqrt(static_cast<double>(seen) + 1);  // rather more than less
      if (score > most) {
        most = score;
        best = view_;
      }
    }
  }
  view_ = best;
}

Alignment Aligner::result() {
  read_all(0);
  Alignment out;
  out.view = view_;
  out.all = landmarks_.size();
  out.visible = readings_.size();
  for (const Landmark& landmark : landmarks_) {
    const cv::Point2d at = seen_at(landmark.at);
    out.inside += inside(picture_.base(), static_cast<float>(at.x), static_cast<float>(at.y), margin) ? 1 : 0;
  }
  std::vector<double> off;
  for (const Reading& reading : readings_) {
    if (reading.correlation < alike) continue;
    ++out.good;
    // Where this patch alone would go, as far as it holds.
    const Patch& patch = reading.landmark->patches[0];
    const double hold = patch.xx + patch.yy;
    off.push_back(std::hypot(reading.bx, reading.by) / std::max(hold, 1e-3));
  }
  if (off.empty()) return out;
  out.error = base::median(std::move(off)) * 2 / std::sqrt(static_cast<double>(out.good));
  return out;
}

}  // namespace

bool Alignment::holds() const {
  const double zoom = view.zoom();
  return good >= least_good && static_cast<double>(good) >= least_share * static_cast<double>(visible) &&
         zoom < most_zoom && zoom > 1 / most_zoom;
}

bool Alignment::holds_anywhere() const {
  const auto count = static_cast<double>(good);
  return holds() && count >= share_anywhere * static_cast<double>(visible) &&
         count >= all_anywhere * static_cast<double>(all);
}

Alignment align(const std::vector<Landmark>& landmarks, const Pyramid& picture,
                std::span<const cv::Rect2f> people, const View& guess, const Search& search) {
  Aligner aligner(landmarks, picture, people, guess);
  if (search.wide) aligner.search();
  for (std::size_t level = levels; level-- > 0;) aligner.refine(level);
  return aligner.result();
}

}  // namespace piste::camera
