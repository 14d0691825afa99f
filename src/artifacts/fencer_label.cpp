#include "artifacts/fencer_label.h"

#include <algorithm>

namespace piste::artifacts {
namespace {

constexpr double above_head = 46, away_from_opponent = 14;  // pixels at 720 lines
constexpr double softness = .25;                            // share of the way to the head that a frame goes
constexpr double chevron_step = 10, label_letters = 14, height = 32, label_edge = 14;

int chevrons_for(Motion motion) {
  switch (motion) {
    case Motion::attacking:
      return 3;
    case Motion::forward:
    case Motion::back:
      return 2;
    default:
      return 0;
  }
}

// Within the canvas, as far as it fits.
cv::Rect2d placed(const Canvas& canvas, cv::Point2d middle, double width, double tall, double top) {
  return {std::clamp(middle.x - width / 2, 0., std::max(0., canvas.width() - width)),
          std::clamp(middle.y - tall / 2, top, std::max(top, canvas.height() - tall)), width, tall};
}

}  // namespace

// Keypoints tremble; a label that trembled with them could not be read.
void FencerLabel::follow(const std::optional<cv::Point2d>& head, double time) {
  if (!head) return;
  const cv::Point2d away((side_ == types::Side::left ? -1 : 1) * away_from_opponent * scale_,
                         -above_head * scale_);
  const cv::Point2d wanted = *head + away;
  place_ = is_followed(time) ? *place_ + (wanted - *place_) * softness : wanted;
  last_ = time;
}

bool FencerLabel::is_followed(double time) const {
  return place_ && time - last_ <= label_memory;
}

double FencerLabel::arrow_of(Motion motion) const {
  const int chevrons = chevrons_for(motion);
  return chevrons ? (chevrons * chevron_step + 8) * scale_ : 0;
}

std::optional<cv::Rect2d> FencerLabel::box(const Canvas& canvas, const Said& said, double time) const {
  if (!is_followed(time)) return std::nullopt;
  const double width = Lettering::width(said.text, label_letters * scale_, true) + arrow_of(said.motion) +
                       2 * label_edge * scale_;
  // Room for a badge above it.
  return placed(canvas, *place_, width, height * scale_, (height + 6) * scale_);
}

void FencerLabel::draw(Canvas& canvas, const Said& said, const cv::Rect2d& box) const {
  const Colour colour = said.doubt                       ? palette::grey
                        : said.motion == Motion::forward ? lamp_colour(side_)
                                                         : colour_of(said.motion, side_);
  canvas.fill(box, box.height / 2, palette::ink, said.doubt ? .6 : .78);
  const cv::Rect2d line(box.x + 7 * scale_, box.br().y - 3.5 * scale_, box.width - 14 * scale_, 3 * scale_);
  if (!said.doubt) canvas.fill(line, scale_, colour, 1);

  const bool towards_right = (side_ == types::Side::left) == (said.motion != Motion::back);
  const double arrow = arrow_of(said.motion);
  const double inside = box.x + label_edge * scale_, middle = box.y + box.height / 2 - scale_;
  canvas.text(said.text, {towards_right ? inside : inside + arrow, middle}, label_letters * scale_,
              Align::left, said.doubt ? palette::grey : palette::white, true);
  const double text_width = box.width - arrow - 2 * label_edge * scale_;
  draw_chevrons(canvas, {towards_right ? inside + text_width + 8 * scale_ : inside, middle},
                chevrons_for(said.motion), towards_right ? 1 : -1, colour);
}

void FencerLabel::draw_badge(Canvas& canvas, const std::string& text, Colour colour, double time) const {
  if (!is_followed(time)) return;
  const double width = Lettering::width(text, label_letters * scale_, true) + 2 * label_edge * scale_;
  const cv::Point2d above(place_->x, place_->y - (height + 4) * scale_);
  const cv::Rect2d box = placed(canvas, above, width, height * scale_, 0);
  canvas.fill(box, box.height / 2, colour, 1);
  canvas.text(text, {box.x + label_edge * scale_, box.y + box.height / 2}, label_letters * scale_,
              Align::left, palette::ink, true);
}

// at: left end, middle height.
void FencerLabel::draw_chevrons(Canvas& canvas, cv::Point2d at, int count, int direction,
                                Colour colour) const {
  const double reach = 6 * scale_;
  for (int i = 0; i < count; ++i) {
    const double tip = at.x + i * chevron_step * scale_ + (direction > 0 ? reach : 0);
    const double tail = tip - direction * reach;
    canvas.line({tail, at.y - reach}, {tip, at.y}, 2.5 * scale_, colour);
    canvas.line({tail, at.y + reach}, {tip, at.y}, 2.5 * scale_, colour);
  }
}

}  // namespace piste::artifacts
