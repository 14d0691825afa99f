#include "artifacts/timeline_bar.h"

#include "artifacts/findings.h"
#include "artifacts/marks.h"
#include "artifacts/moments.h"

namespace piste::artifacts {
namespace {

using types::Side;

// At scale 1.
constexpr double side_margin = 20, label_width = 28, row_height = 20, first_row = 24, row_step = 26;
constexpr double least_span = .5;  // s
constexpr double after_end = 1;  // s, that are shown after the last lamp: most of what comes then is walking

}  // namespace

TimelineBar::TimelineBar(const types::Analysis& analysis, Look look, int width, double scale,
                         Lettering& lettering)
    : look_(look), width_(width), scale_(scale) {
  const auto& points = analysis.tracks.left.points;
  if (!points.empty()) {
    start_ = points.front().time;
    const double end = end_of_phrase(analysis).value_or(points.back().time) + after_end;
    end_ = std::max(std::min(points.back().time, end), start_ + least_span);
  }
  panel_ = cv::Mat3b(std::max(1, cvRound(timeline_height * scale)), width,
                     cv::Vec3b(palette::ink.b, palette::ink.g, palette::ink.r));
  if (look == Look::live) return;  // nobody knows how long it will be
  Canvas canvas(panel_, lettering);
  draw_rows(canvas, analysis);
  draw_doubt(canvas, analysis);
  draw_end(canvas, analysis);
  draw_events(canvas, analysis);
}

double TimelineBar::x_of(double time) const {
  const double left = (side_margin + label_width) * scale_, right = width_ - side_margin * scale_;
  return left + (std::clamp(time, start_, end_) - start_) / (end_ - start_) * (right - left);
}

double TimelineBar::row_top(Side side) const {
  return (first_row + (side == Side::left ? 0 : row_step)) * scale_;
}

double TimelineBar::row_middle(Side side) const {
  return row_top(side) + row_height / 2 * scale_;
}

void TimelineBar::draw_rows(Canvas& canvas, const types::Analysis& analysis) const {
  const double height = row_height * scale_;
  for (const Side side : types::both_sides) {
    canvas.fill({x_of(start_), row_top(side), x_of(end_) - x_of(start_), height}, 3 * scale_,
                palette::dark_grey, .6);
    canvas.text(side == Side::left ? "L" : "R", {side_margin * scale_, row_middle(side)}, 14 * scale_,
                Align::left, lamp_colour(side), true);
  }
  // Attacks lie within advances: they are drawn over them.
  for (const bool attacks : {false, true}) {
    for (const auto& action : analysis.verdict.actions) {
      const Motion motion = motion_of(action.kind);
      if ((motion == Motion::attacking) != attacks || !(action.end > action.start)) continue;
      const double from = x_of(action.start), to = x_of(action.end);
      if (motion == Motion::other) {
        canvas.fill({from, row_top(action.side) + height * .75, to - from, height * .25}, 0, palette::white,
                    .9);
      } else {
        canvas.fill({from, row_top(action.side), to - from, height}, 2 * scale_,
                    colour_of(motion, action.side), 1);
      }
    }
  }
}

// What is told of a fencer who was seen badly stays, behind a grille.
void TimelineBar::draw_doubt(Canvas& canvas, const types::Analysis& analysis) const {
  for (const Side side : types::both_sides) {
    for (const auto& lapse : analysis.verdict.quality.fencers[side].lapses) {
      const double from = x_of(lapse.start), to = std::max(x_of(lapse.end), from + 6 * scale_);
      draw_grille(canvas, {from, row_top(side), to - from, row_height * scale_}, scale_);
    }
  }
}

// What the fencers do after the last lamp counts for nothing.
void TimelineBar::draw_end(Canvas& canvas, const types::Analysis& analysis) const {
  const auto end = end_of_phrase(analysis);
  if (!end || *end >= end_) return;
  const double from = x_of(*end), top = row_top(Side::left);
  canvas.fill({from, top, x_of(end_) - from, row_top(Side::right) + row_height * scale_ - top}, 0,
              palette::ink, .7);
}

void TimelineBar::draw_events(Canvas& canvas, const types::Analysis& analysis) const {
  const double top = row_top(Side::left) - 3 * scale_,
               bottom = row_top(Side::right) + (row_height + 3) * scale_;
  for (const double contact : analysis.phrase.blade_contacts) {
    const double x = x_of(contact + analysis.log_offset);
    canvas.fill({x - 1.5 * scale_, top, 3 * scale_, bottom - top}, 0, palette::steel, 1);
  }
  for (const auto& touch : analysis.phrase.touches) {
    const double x = x_of(touch.time + analysis.log_offset);
    canvas.fill({x - scale_, top, 2 * scale_, bottom - top}, 0, palette::white, .8);
    draw_hit(canvas, {x, row_middle(touch.scorer)}, touch.valid ? lamp_colour(touch.scorer) : palette::white,
             scale_);
  }
  const auto& began = analysis.verdict.began;
  if (began) draw_flag(canvas, {x_of(began->time), row_middle(began->side)}, scale_);
  draw_markers(canvas, analysis.verdict, 11 * scale_);
}

// The numbers of the findings, which the captions and the card repeat. Those of one moment stand side by
// side.
void TimelineBar::draw_markers(Canvas& canvas, const types::Verdict& verdict, double y) const {
  const double radius = 10 * scale_;
  double free_from = 0;
  int number = 0;
  for (const auto* finding : decisive_findings(verdict)) {
    const double x = std::max(x_of(finding->time), free_from + radius);
    canvas.disc({x, y}, radius, finding->favours ? lamp_colour(*finding->favours) : palette::grey, 1);
    canvas.text(std::to_string(++number), {x, y}, 10 * scale_, Align::centre, palette::ink, true);
    free_from = x + radius + 2 * scale_;
  }
}

void TimelineBar::draw(cv::Mat3b place, Lettering& lettering, double time) const {
  const int rows = std::min(place.rows, panel_.rows);
  panel_.rowRange(0, rows).copyTo(place.rowRange(0, rows));
  if (look_ == Look::live) return;
  Canvas canvas(place, lettering);
  const double x = x_of(time), top = row_top(Side::left) - 6 * scale_;
  const double height = row_top(Side::right) - row_top(Side::left) + (row_height + 12) * scale_;
  canvas.fill({x - 3 * scale_, top, 6 * scale_, height}, 2 * scale_, palette::ink, .7);
  canvas.fill({x - 1.5 * scale_, top, 3 * scale_, height}, 1 * scale_, palette::white, 1);
}

}  // namespace piste::artifacts
