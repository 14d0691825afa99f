#include "artifacts/fencer_label.h"

#include <algorithm>
#include <cctype>

namespace piste::artifacts {
namespace {

constexpr double above_head = 46, away_from_opponent = 14;  // pixels at 720 lines
constexpr double softness = .25;                            // share of the way to the head that a frame goes
constexpr double chevron_step = 9;

std::string shown_name(const std::string& kind) {
  std::string name = kind;
  for (char& c : name)
    c = c == '_' || c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

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

}  // namespace

const types::Action* action_at(const types::Verdict& verdict, types::Side side, double time) {
  const types::Action* now = nullptr;
  for (const auto& action : verdict.actions) {
    if (action.side != side || time < action.start || time > action.end) continue;
    if (!now || action.start >= now->start) now = &action;
  }
  return now;
}

// Keypoints tremble; a label that trembled with them could not be read.
void FencerLabel::follow(const std::optional<cv::Point2d>& head) {
  if (!head) return;
  const cv::Point2d away((side_ == types::Side::left ? -1 : 1) * away_from_opponent * scale_,
                         -above_head * scale_);
  const cv::Point2d wanted = *head + away;
  place_ = place_ ? *place_ + (wanted - *place_) * softness : wanted;
}

void FencerLabel::draw(Canvas& canvas, const types::Action* action) const {
  if (!place_ || !action) return;
  const std::string name = shown_name(action->kind);
  const Motion motion = motion_of(action->kind);
  const int chevrons = chevrons_for(motion);
  const double letters = 11 * scale_, height = 26 * scale_;
  const double arrow = chevrons ? (chevrons * chevron_step + 8) * scale_ : 0;
  const double text_width = Lettering::width(name, letters, true);
  const double width = text_width + arrow + 26 * scale_;
  const double x = std::clamp(place_->x - width / 2, 0., std::max(0., canvas.width() - width));
  const double y =
      std::clamp(place_->y - height / 2, 62 * scale_, std::max(62 * scale_, canvas.height() - height));
  const Colour colour = motion == Motion::forward ? lamp_colour(side_) : colour_of(motion, side_);
  canvas.fill({x, y, width, height}, height / 2, palette::ink, .74);
  canvas.fill({x + 5 * scale_, y + height - 3 * scale_, width - 10 * scale_, 2.5 * scale_}, scale_, colour,
              1);

  const bool towards_right = (side_ == types::Side::left) == (motion != Motion::back);
  const double inside = x + 13 * scale_, middle = y + height / 2 - scale_;
  canvas.text(name, {towards_right ? inside : inside + arrow, middle}, letters, Align::left, palette::white,
              true);
  draw_chevrons(canvas, {towards_right ? inside + text_width + 8 * scale_ : inside, middle}, chevrons,
                towards_right ? 1 : -1, colour);
}

// at: left end, middle height.
void FencerLabel::draw_chevrons(Canvas& canvas, cv::Point2d at, int count, int direction,
                                Colour colour) const {
  const double reach = 5 * scale_;
  for (int i = 0; i < count; ++i) {
    const double tip = at.x + (i * chevron_step + (direction > 0 ? reach : 0) / scale_) * scale_;
    const double tail = tip - direction * reach;
    canvas.line({tail, at.y - reach}, {tip, at.y}, 2 * scale_, colour);
    canvas.line({tail, at.y + reach}, {tip, at.y}, 2 * scale_, colour);
  }
}

}  // namespace piste::artifacts
