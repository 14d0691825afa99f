#include "artifacts/timeline_bar.h"

#include <opencv2/imgproc.hpp>

#include "artifacts/findings.h"

namespace piste::artifacts {
namespace {

using types::Side;

// At 720 lines.
constexpr double panel_height = 100, side_margin = 28, label_width = 26, row_height = 15, first_row = 46,
                 row_step = 22;
constexpr double background = .2;  // how much of the video shines through
constexpr double least_span = .5;  // s

}  // namespace

TimelineBar::TimelineBar(const types::Analysis& analysis, cv::Size picture, double scale,
                         Lettering& lettering)
    : picture_(picture), scale_(scale) {
  const auto& points = analysis.tracks.left.points;
  if (!points.empty()) {
    start_ = points.front().time;
    end_ = std::max(points.back().time, start_ + least_span);
  }
  const int height = std::min(picture.height, cvRound(panel_height * scale));
  panel_ = cv::Mat3b(height, picture.width, cv::Vec3b(0, 0, 0));
  Canvas canvas(panel_, lettering);
  draw_rows(canvas, analysis);
  draw_events(canvas, analysis);
  draw_legend(canvas);
}

double TimelineBar::x_of(double time) const {
  const double left = (side_margin + label_width) * scale_, right = picture_.width - side_margin * scale_;
  return left + (std::clamp(time, start_, end_) - start_) / (end_ - start_) * (right - left);
}

double TimelineBar::row_top(Side side) const {
  return (first_row + (side == Side::left ? 0 : row_step)) * scale_;
}

void TimelineBar::draw_rows(Canvas& canvas, const types::Analysis& analysis) const {
  const double height = row_height * scale_;
  for (const Side side : types::both_sides) {
    canvas.fill({x_of(start_), row_top(side), x_of(end_) - x_of(start_), height}, 3 * scale_,
                palette::dark_grey, .6);
    canvas.text(side == Side::left ? "L" : "R", {side_margin * scale_, row_top(side) + height / 2},
                10 * scale_, Align::left, lamp_colour(side), true);
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

void TimelineBar::draw_events(Canvas& canvas, const types::Analysis& analysis) const {
  const double top = row_top(Side::left), bottom = row_top(Side::right) + row_height * scale_;
  for (const double contact : analysis.phrase.blade_contacts) {
    const double x = x_of(contact + analysis.log_offset);
    canvas.fill({x - scale_, top - 2 * scale_, 2 * scale_, bottom - top + 4 * scale_}, 0, palette::steel, 1);
  }
  for (const auto& touch : analysis.phrase.touches) {
    const double x = x_of(touch.time + analysis.log_offset),
                 y = row_top(touch.scorer) + row_height * scale_ / 2;
    canvas.disc({x, y}, 9 * scale_, palette::ink, 1);
    canvas.disc({x, y}, 7 * scale_, touch.valid ? lamp_colour(touch.scorer) : palette::white, 1);
    canvas.disc({x, y}, 2.5 * scale_, palette::white, 1);
  }
  draw_markers(canvas, analysis.verdict, top - 11 * scale_);
}

// The numbers of the findings, which the captions and the card repeat. Those of one moment stand side by
// side.
void TimelineBar::draw_markers(Canvas& canvas, const types::Verdict& verdict, double y) const {
  const double radius = 8 * scale_;
  double free_from = 0;
  int number = 0;
  for (const auto* finding : decisive_findings(verdict)) {
    const double x = std::max(x_of(finding->time), free_from + radius);
    canvas.disc({x, y}, radius, finding->favours ? lamp_colour(*finding->favours) : palette::grey, 1);
    canvas.text(std::to_string(++number), {x, y}, 7.5 * scale_, Align::centre, palette::ink, true);
    free_from = x + radius + 2 * scale_;
  }
}

void TimelineBar::draw_legend(Canvas& canvas) const {
  struct Entry {
    const char* name;
    Colour colour;
  };
  double x = picture_.width - side_margin * scale_;
  const double y = 13 * scale_, size = 8 * scale_;
  for (const Entry& entry : {Entry{"blade contact", palette::steel}, Entry{"retreat", palette::slate},
                             Entry{"pause", palette::amber}, Entry{"advance / attack", palette::red}}) {
    canvas.text(entry.name, {x, y}, size, Align::right, palette::grey);
    x -= Lettering::width(entry.name, size, false) + 3 * scale_;
    const bool tick = entry.colour == palette::steel;
    if (entry.colour == palette::red) {  // forward has the fencer's own colour
      canvas.fill({x - 12 * scale_, y - 5 * scale_, 10 * scale_, 10 * scale_}, 2, palette::green, 1);
      x -= 12 * scale_;
    }
    const double width = (tick ? 2 : 10) * scale_;
    canvas.fill({x - 2 * scale_ - width, y - 5 * scale_, width, 10 * scale_}, 2, entry.colour, 1);
    x -= 28 * scale_;
  }
}

void TimelineBar::draw(cv::Mat3b& picture, Canvas& canvas, double time) const {
  cv::Mat3b place = picture(cv::Rect(0, top(), panel_.cols, panel_.rows));
  // The panel is drawn on black: adding it to the darkened video keeps its edges smooth.
  cv::addWeighted(place, background, panel_, 1, 0, place);
  const double x = x_of(time), above = top() + row_top(Side::left) - 6 * scale_;
  const double height = row_top(Side::right) - row_top(Side::left) + (row_height + 12) * scale_;
  canvas.fill({x - 2.5 * scale_, above, 5 * scale_, height}, 2 * scale_, palette::ink, .7);
  canvas.fill({x - 1.25 * scale_, above, 2.5 * scale_, height}, 1 * scale_, palette::white, 1);
  canvas.disc({x, above + height}, 5 * scale_, palette::white, 1);
}

}  // namespace piste::artifacts
