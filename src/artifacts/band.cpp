#include "artifacts/band.h"

#include <cmath>
#include <string>

#include "artifacts/findings.h"
#include "artifacts/marks.h"
#include "artifacts/paragraph.h"

namespace piste::artifacts {
namespace {

using types::Side;

// At scale 1.
constexpr double margin = 16, lamp_width = 176, lamp_height = 44, clock_width = 148;
constexpr double caption_letters = 14, line_step = 23;

constexpr double flash_length = .45;    // s, that a lamp is brightest
constexpr double caption_length = 1.6;  // s, that a finding is shown from its moment on

const types::Touch* touch_of(const types::Phrase& phrase, Side side) {
  for (const auto& touch : phrase.touches) {
    if (touch.scorer == side) return &touch;
  }
  return nullptr;
}

}  // namespace

Band::Band(const types::Analysis& analysis, Look look, const Layout& layout, Lettering& lettering)
    : analysis_(analysis),
      look_(look),
      scale_(layout.scale),
      narrow_(layout.narrow),
      width_(layout.whole.width),
      lettering_(lettering),
      findings_(decisive_findings(analysis.verdict)),
      timeline_(analysis, look, width_, scale_, lettering) {}

void Band::draw(cv::Mat3b band, double time, std::int64_t number) {
  band.setTo(cv::Scalar(palette::ink.b, palette::ink.g, palette::ink.r));
  Canvas canvas(band, lettering_);
  for (const Side side : types::both_sides) draw_lamp(canvas, side, time);
  draw_clock(canvas, time, number);
  draw_caption(canvas, time);
  const int top = cvRound((lamps_height + (narrow_ ? caption_height : 0)) * scale_);
  const cv::Rect below = cv::Rect(0, top, band.cols, band.rows) & cv::Rect(0, 0, band.cols, band.rows);
  if (below.height > 0) timeline_.draw(band(below), lettering_, time);
}

void Band::draw_lamp(Canvas& canvas, Side side, double time) const {
  const bool left = side == Side::left;
  const double width = lamp_width * scale_, height = lamp_height * scale_, edge = margin * scale_;
  const cv::Rect2d box(left ? edge : width_ - edge - width, (lamps_height - lamp_height) / 2 * scale_, width,
                       height);
  const cv::Point2d bulb(left ? box.x + 22 * scale_ : box.br().x - 22 * scale_, box.y + height / 2);
  const double text_x = left ? bulb.x + 24 * scale_ : bulb.x - 24 * scale_;
  const Align align = left ? Align::left : Align::right;
  const types::Touch* touch = touch_of(analysis_.phrase, side);
  const double since = touch ? time - touch->time - analysis_.log_offset : -1;
  const bool lit = look_ != Look::live && since >= 0;
  const bool off_target = lit && !touch->valid;
  const Colour colour = off_target ? palette::white : lamp_colour(side);
  const Colour ink = off_target ? palette::ink : lit ? palette::white : palette::grey;
  const double fresh = lit ? std::max(0., 1 - since / flash_length) : 0;
  canvas.fill(box, height / 2, lit ? mixed(colour, palette::ink, .35 * (1 - fresh)) : palette::dark_grey,
              lit ? .95 : .35);
  canvas.disc(bulb, 13 * scale_, lit ? colour : mixed(colour, palette::ink, .72), 1);
  if (lit) canvas.disc(bulb, 7 * scale_, palette::white, .9);
  canvas.text(left ? "LEFT" : "RIGHT", {text_x, box.y + height * (lit ? .31 : .5)}, 13 * scale_, align, ink,
              true);
  if (!lit) return;
  canvas.text((touch->valid ? "hit " : "off target ") + seconds_text(touch->time),
              {text_x, box.y + height * .72}, 10.5 * scale_, align, ink);
}

void Band::draw_clock(Canvas& canvas, double time, std::int64_t number) const {
  const double middle = lamps_height / 2 * scale_, width = clock_width * scale_;
  const double x = narrow_ ? (width_ - width) / 2 : (margin + lamp_width + 14) * scale_;
  const std::string seconds = seconds_text(time);
  canvas.text(seconds, {x, middle - 9 * scale_}, 16 * scale_, Align::left, palette::white, true);
  const cv::Point2d below(x, middle + 13 * scale_);
  if (look_ == Look::repeat) {
    canvas.text("1/4 SPEED", below, 11 * scale_, Align::left, palette::amber, true);
  } else {
    canvas.text("frame " + std::to_string(number) + ", " + std::string(to_string(analysis_.weapon)), below,
                9 * scale_, Align::left, palette::grey);
  }
}

cv::Rect2d Band::caption_place() const {
  if (narrow_)
    return {margin * scale_, lamps_height * scale_, width_ - 2 * margin * scale_, caption_height * scale_};
  const double left = (margin + lamp_width + 14 + clock_width) * scale_;
  return {left, 0, width_ - (margin + lamp_width + 14) * scale_ - left, lamps_height * scale_};
}

// The finding that is being made right now, of several at once the weightiest; what the colours mean where
// there is none.
void Band::draw_caption(Canvas& canvas, double time) const {
  const cv::Rect2d place = caption_place();
  if (look_ == Look::live) return;
  std::size_t now = findings_.size();
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    const types::Finding& finding = *findings_[i];
    if (!(time >= finding.time) || time > finding.time + caption_length) continue;
    const bool first = now == findings_.size();
    if (first || finding.time > findings_[now]->time || finding.weight > findings_[now]->weight) now = i;
  }
  if (now == findings_.size()) {
    draw_legend(canvas, place, scale_);
    return;
  }
  const types::Finding& finding = *findings_[now];
  const double text_x = place.x + 34 * scale_, middle = place.y + place.height / 2;
  const auto lines = wrapped(finding.text, caption_letters * scale_, place.br().x - text_x, 2);
  const cv::Point2d mark(place.x + 14 * scale_, middle);
  canvas.disc(mark, 12 * scale_, finding.favours ? lamp_colour(*finding.favours) : palette::grey, 1);
  canvas.text(std::to_string(now + 1), mark, 11 * scale_, Align::centre, palette::ink, true);
  double y = middle - static_cast<double>(lines.size() - 1) * line_step / 2 * scale_;
  for (const auto& line : lines) {
    canvas.text(line, {text_x, y}, caption_letters * scale_, Align::left, palette::white);
    y += line_step * scale_;
  }
}

}  // namespace piste::artifacts
