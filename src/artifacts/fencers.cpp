#include "artifacts/fencers.h"

#include <cmath>

#include "artifacts/moments.h"
#include "artifacts/skeleton.h"

namespace piste::artifacts {
namespace {

using types::Side;

constexpr double contact_length = .3;      // s, of a blade contact's flash
constexpr double edge_flash_length = .25;  // s, of the light at the picture's edge when a lamp comes on
constexpr double badge_length = 1;         // s

// Who is in the way of whom moves aside, each by half.
void move_apart(cv::Rect2d& a, cv::Rect2d& b, double gap) {
  if (a.y >= b.br().y || b.y >= a.br().y) return;
  cv::Rect2d& first = a.x + a.width / 2 <= b.x + b.width / 2 ? a : b;
  cv::Rect2d& second = &first == &a ? b : a;
  const double overlap = first.br().x + gap - second.x;
  if (overlap <= 0) return;
  first.x -= overlap / 2;
  second.x += overlap / 2;
}

}  // namespace

Fencers::Fencers(const types::Analysis& analysis, Look look, const Placing& placing, double scale)
    : analysis_(analysis),
      look_(look),
      placing_(placing),
      scale_(scale),
      end_(look == Look::live ? std::nullopt : end_of_phrase(analysis)),
      said_{said_of(analysis, Side::left), said_of(analysis, Side::right)},
      labels_{FencerLabel(Side::left, scale), FencerLabel(Side::right, scale)} {}

void Fencers::begin(double time) {
  for (const auto& point : analysis_.tracks.left.points) {
    if (point.time >= time - label_memory && point.time < time) follow_heads(point.time);
  }
}

void Fencers::draw(Canvas& canvas, double time) {
  follow_heads(time);
  draw_skeletons(canvas, time);
  if (look_ == Look::live) return;
  draw_flash(canvas, time);
  draw_contact(canvas, time);
  draw_labels(canvas, time);
  draw_badges(canvas, time);
}

void Fencers::follow_heads(double time) {
  for (const Side side : types::both_sides) {
    if (const auto* point = point_at(side, time))
      labels_[side].follow(head_of(point->keypoints, placing_), time);
  }
}

// Null where the nearest analysed frame is another one: a skeleton beside its fencer would mislead.
const types::TrackPoint* Fencers::point_at(Side side, double time) const {
  const auto& points = analysis_.tracks[side].points;
  const auto index = nearest_point(points, time);
  if (!index || std::abs(points[*index].time - time) > .5 / std::max(analysis_.tracks.fps, 1.))
    return nullptr;
  return &points[*index];
}

// Grey after the phrase: what the fencers do then counts for nothing.
void Fencers::draw_skeletons(Canvas& canvas, double time) const {
  const bool over = end_ && time > *end_ + grey_after;
  for (const Side side : types::both_sides) {
    const auto* point = point_at(side, time);
    if (!point) continue;
    const Said* said = said_at(said_[side], time);
    const bool doubt = over || (said && said->doubt);
    draw_skeleton(canvas, *point, {doubt ? palette::grey : lamp_colour(side), doubt}, placing_, scale_);
  }
}

void Fencers::draw_labels(Canvas& canvas, double time) const {
  types::PerSide<const Said*> said{said_at(said_.left, time), said_at(said_.right, time)};
  types::PerSide<std::optional<cv::Rect2d>> boxes;
  for (const Side side : types::both_sides) {
    if (said[side]) boxes[side] = labels_[side].box(canvas, *said[side], time);
  }
  if (boxes.left && boxes.right) move_apart(*boxes.left, *boxes.right, 6 * scale_);
  for (const Side side : types::both_sides) {
    if (boxes[side]) labels_[side].draw(canvas, *said[side], *boxes[side]);
  }
}

// Who began, and each hit.
void Fencers::draw_badges(Canvas& canvas, double time) const {
  const auto is_now = [time](double at) { return time >= at && time <= at + badge_length; };
  const auto& began = analysis_.verdict.began;
  for (const Side side : types::both_sides) {
    bool hit = false;
    for (const auto& touch : analysis_.phrase.touches) {
      if (touch.scorer != side || !is_now(touch.time + analysis_.log_offset)) continue;
      hit = true;
      labels_[side].draw_badge(canvas, touch.valid ? "HIT" : "OFF TARGET",
                               touch.valid ? lamp_colour(side) : palette::white, time);
    }
    if (!hit && began && began->side == side && is_now(began->time))
      labels_[side].draw_badge(canvas, "BEGINS", lamp_colour(side), time);
  }
}

// A lamp's light falls in at its side.
void Fencers::draw_flash(Canvas& canvas, double time) const {
  for (const auto& touch : analysis_.phrase.touches) {
    const double since = time - touch.time - analysis_.log_offset;
    if (!(since >= 0) || since > edge_flash_length) continue;
    const double width = 14 * scale_, x = touch.scorer == Side::left ? 0 : canvas.width() - width;
    canvas.fill({x, 0, width, 1. * canvas.height()}, 0,
                touch.valid ? lamp_colour(touch.scorer) : palette::white, 1 - since / edge_flash_length);
  }
}

// A ring that opens where the hands are.
void Fencers::draw_contact(Canvas& canvas, double time) const {
  for (const double contact : analysis_.phrase.blade_contacts) {
    const double since = time - contact - analysis_.log_offset;
    if (since < -.5 / std::max(analysis_.tracks.fps, 1.) || since > contact_length) continue;
    const auto* left = point_at(Side::left, time);
    const auto* right = point_at(Side::right, time);
    if (!left || !right) continue;
    const auto a = front_wrist_of(left->keypoints, Side::left, placing_);
    const auto b = front_wrist_of(right->keypoints, Side::right, placing_);
    if (!a || !b) continue;
    const cv::Point2d middle = (*a + *b) / 2;
    const double progress = std::max(0., since) / contact_length;
    canvas.glow(middle, 60 * scale_, palette::steel, .8 * (1 - progress));
    canvas.ring(middle, (12 + 34 * progress) * scale_, 3 * scale_, palette::white, 1 - progress);
  }
}

}  // namespace piste::artifacts
