#include "artifacts/verdict_card.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "artifacts/findings.h"
#include "artifacts/paragraph.h"

namespace piste::artifacts {
namespace {

// At scale 1.
constexpr double padding = 26, card_line_step = 23, body = 13, reason_letters = 15, indent = 34, gap = 13,
                 headline_height = 30, above_reason = 176;
constexpr std::size_t reason_lines = 5, entry_lines = 4;

std::string human_text(types::HumanVerdict verdict) {
  switch (verdict) {
    case types::HumanVerdict::left:
      return "The referee on the piste gave: left";
    case types::HumanVerdict::right:
      return "The referee on the piste gave: right";
    default:
      return "The referee on the piste abstained";
  }
}

// A paragraph of the card, with a mark before it.
struct Entry {
  std::vector<std::string> lines;
  Colour mark;
  Colour ink;
  std::string number;  // in the mark
};

class Card {
 public:
  Card(Canvas& canvas, const types::Analysis& analysis, double scale)
      : canvas_(canvas),
        analysis_(analysis),
        scale_(scale),
        left_(padding * scale),
        width_(canvas.width() - 2 * padding * scale),
        reason_(wrapped(analysis.verdict.reason, reason_letters * scale, width_, reason_lines)) {
    collect_entries();
  }

  void draw() {
    canvas_.fill({0, 0, 1. * canvas_.width(), 1. * canvas_.height()}, 0, palette::ink, 1);
    double y = std::max(0., (canvas_.height() - height()) / 2);
    draw_stripe(y + 12 * scale_);
    draw_headline(y + 62 * scale_);
    draw_confidence(y + 112 * scale_);
    y += above_reason * scale_;
    for (const auto& line : reason_) y = draw_line(line, left_, y, reason_letters, palette::white, 1.15);
    y += gap * scale_;
    for (const auto& entry : entries_) y = draw_entry(entry, y);
  }

 private:
  void collect_entries() {
    const types::Verdict& verdict = analysis_.verdict;
    int number = 0;
    for (const auto* finding : decisive_findings(verdict)) {
      const Colour mark = finding->favours ? lamp_colour(*finding->favours) : palette::grey;
      add(finding->text, mark, palette::white, std::to_string(++number));
    }
    if (verdict.review) {
      const std::string why = verdict.review_reason.empty() ? "" : ": " + verdict.review_reason.text;
      add("A referee should look at this one" + why, palette::amber, palette::amber, "!");
    }
    if (analysis_.human_verdict) add(human_text(*analysis_.human_verdict), palette::grey, palette::grey, "i");
  }

  void add(const std::string& text, Colour mark, Colour ink, std::string number) {
    entries_.push_back(
        {wrapped(text, body * scale_, width_ - indent * scale_, entry_lines), mark, ink, std::move(number)});
  }

  // Must add up to what draw() uses.
  double height() const {
    double units = above_reason + static_cast<double>(reason_.size()) * card_line_step * 1.15 + gap;
    for (const auto& entry : entries_)
      units += static_cast<double>(entry.lines.size()) * card_line_step + gap;
    return units * scale_;
  }

  // The winner's colour; both colours where both score.
  void draw_stripe(double y) {
    const types::Winner winner = analysis_.verdict.winner;
    const double height = 9 * scale_;
    const bool both = winner == types::Winner::both;
    canvas_.fill({left_, y, width_, height}, height / 2, both ? palette::red : colour_of(winner), 1);
    if (both) canvas_.fill({left_ + width_ / 2, y, width_ / 2, height}, height / 2, palette::green, 1);
  }

  void draw_headline(double y) {
    const types::Winner winner = analysis_.verdict.winner;
    const double letters = std::min(headline_height * scale_, width_ / 13);
    canvas_.text(headline(winner), {left_, y}, letters, Align::left, colour_of(winner), true);
  }

  void draw_confidence(double y) {
    const types::Verdict& verdict = analysis_.verdict;
    if (!std::isfinite(verdict.confidence)) return;
    const double confidence = std::clamp(verdict.confidence, 0., 1.), height = 9 * scale_;
    canvas_.text(std::to_string(std::lround(confidence * 100)) + " % sure", {left_, y}, 15 * scale_,
                 Align::left, palette::white, true);
    const cv::Rect2d bar(left_, y + 20 * scale_, width_, height);
    canvas_.fill(bar, height / 2, palette::dark_grey, 1);
    canvas_.fill({bar.x, bar.y, std::max(height, width_ * confidence), height}, height / 2,
                 verdict.review ? palette::amber : palette::white, 1);
  }

  double draw_line(const std::string& line, double x, double y, double letters, Colour ink, double step = 1) {
    canvas_.text(line, {x, y}, letters * scale_, Align::left, ink);
    return y + card_line_step * step * scale_;
  }

  double draw_entry(const Entry& entry, double y) {
    const cv::Point2d mark(left_ + 12 * scale_, y);
    canvas_.disc(mark, 12 * scale_, entry.mark, 1);
    canvas_.text(entry.number, mark, 11 * scale_, Align::centre, palette::ink, true);
    for (const auto& line : entry.lines) y = draw_line(line, left_ + indent * scale_, y, body, entry.ink);
    return y + gap * scale_;
  }

  Canvas& canvas_;
  const types::Analysis& analysis_;
  const double scale_;
  const double left_;
  const double width_;
  const std::vector<std::string> reason_;
  std::vector<Entry> entries_;
};

}  // namespace

void draw_verdict_card(Canvas& canvas, const types::Analysis& analysis, double scale) {
  Card(canvas, analysis, scale).draw();
}

}  // namespace piste::artifacts
