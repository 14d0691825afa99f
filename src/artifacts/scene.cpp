#include "artifacts/scene.h"

#include <cmath>

#include "artifacts/header.h"
#include "artifacts/moments.h"
#include "artifacts/skeleton.h"
#include "artifacts/verdict_card.h"

namespace piste::artifacts {
namespace {

using types::Side;

constexpr double contact_length = .3;   // s, of a blade contact's flash
constexpr double caption_length = 1.6;  // s, that a finding is shown from its moment on
constexpr double label_memory = .7;     // s, after which a label knows no more where it was

}  // namespace

Scene::Scene(const types::Analysis& analysis, Look look, cv::Size picture)
    : analysis_(analysis),
      look_(look),
      scale_(scale_for(picture.width, picture.height)),
      factor_(static_cast<double>(picture.width) / analysis.width),
      timeline_(analysis, picture, scale_, lettering_),
      findings_(decisive_findings(analysis.verdict)),
      labels_{FencerLabel(Side::left, scale_), FencerLabel(Side::right, scale_)} {}

void Scene::begin(double time) {
  for (const auto& point : analysis_.tracks.left.points) {
    if (point.time >= time - label_memory && point.time < time) follow_heads(point.time);
  }
}

void Scene::draw(cv::Mat3b& picture, double time, std::int64_t number) {
  Canvas canvas(picture, lettering_);
  follow_heads(time);
  draw_fencers(canvas, time);
  if (look_ == Look::whole) {
    draw_contact(canvas, time);
    draw_lamps(canvas, analysis_, time, scale_);
  }
  draw_clock(canvas, analysis_, time, number, scale_);
  if (look_ == Look::live) return;
  timeline_.draw(picture, canvas, time);
  draw_captions(canvas, time);
}

void Scene::follow_heads(double time) {
  for (const Side side : types::both_sides) {
    if (const auto* point = point_at(side, time)) labels_[side].follow(head_of(point->keypoints, factor_));
  }
}

void Scene::draw_verdict(cv::Mat3b& picture, double opacity) {
  Canvas canvas(picture, lettering_);
  draw_verdict_card(canvas, analysis_, scale_, opacity);
}

// Nothing where the nearest analysed frame is another one: a skeleton beside its fencer would mislead.
const types::TrackPoint* Scene::point_at(Side side, double time) const {
  const auto& points = analysis_.tracks[side].points;
  const auto index = nearest_point(points, time);
  if (!index || std::abs(points[*index].time - time) > .5 / std::max(analysis_.tracks.fps, 1.))
    return nullptr;
  return &points[*index];
}

void Scene::draw_fencers(Canvas& canvas, double time) {
  for (const Side side : types::both_sides) {
    if (const auto* point = point_at(side, time))
      draw_skeleton(canvas, *point, lamp_colour(side), factor_, scale_);
  }
  for (const Side side : types::both_sides)
    labels_[side].draw(canvas, action_at(analysis_.verdict, side, time));
}

// A ring that opens where the hands are.
void Scene::draw_contact(Canvas& canvas, double time) {
  for (const double contact : analysis_.phrase.blade_contacts) {
    const double since = time - contact - analysis_.log_offset;
    if (since < -.5 / std::max(analysis_.tracks.fps, 1.) || since > contact_length) continue;
    const auto* left = point_at(Side::left, time);
    const auto* right = point_at(Side::right, time);
    if (!left || !right) continue;
    const auto a = front_wrist_of(left->keypoints, Side::left, factor_);
    const auto b = front_wrist_of(right->keypoints, Side::right, factor_);
    if (!a || !b) continue;
    const cv::Point2d middle = (*a + *b) / 2;
    const double progress = std::max(0., since) / contact_length;
    canvas.glow(middle, 60 * scale_, palette::steel, .8 * (1 - progress));
    canvas.ring(middle, (12 + 34 * progress) * scale_, 3 * scale_, palette::white, 1 - progress);
  }
}

// The findings that are being made right now, the newest one lowest.
void Scene::draw_captions(Canvas& canvas, double time) {
  double y = timeline_.top() - 25 * scale_;
  for (std::size_t i = findings_.size(); i-- > 0;) {
    const types::Finding& finding = *findings_[i];
    if (time < finding.time || time > finding.time + caption_length) continue;
    draw_caption(canvas, finding, i + 1, y);
    y -= 36 * scale_;
  }
}

void Scene::draw_caption(Canvas& canvas, const types::Finding& finding, std::size_t number, double y) {
  const double letters = 11 * scale_, height = 30 * scale_;
  const double text = Lettering::width(finding.text, letters, false);
  const double width = std::min(text + 56 * scale_, canvas.width() * 1.);
  const double x = (canvas.width() - width) / 2;
  const cv::Point2d mark(x + 18 * scale_, y);
  canvas.fill({x, y - height / 2, width, height}, height / 2, palette::ink, .74);
  canvas.disc(mark, 9 * scale_, finding.favours ? lamp_colour(*finding.favours) : palette::grey, 1);
  canvas.text(std::to_string(number), mark, 8 * scale_, Align::centre, palette::ink, true);
  canvas.text(finding.text, {x + 34 * scale_, y}, letters, Align::left, palette::white);
}

}  // namespace piste::artifacts
