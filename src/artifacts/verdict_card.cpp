#include "artifacts/verdict_card.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <vector>

#include "artifacts/findings.h"

namespace piste::artifacts {
namespace {

// At 720 lines.
constexpr double card_width = 760, padding = 32, line_step = 24, body = 10.5, indent = 28, time_width = 58,
                 headline_height = 27;
constexpr std::size_t most_lines = 3;  // of one text

// Broken at spaces; what is longer than most_lines ends in dots. A word that is too long for a line stays
// whole.
std::vector<std::string> wrapped(const std::string& text, double letters, double width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::string longer = lines.back().empty() ? word : lines.back() + ' ' + word;
    if (Lettering::width(longer, letters, false) <= width || lines.back().empty()) {
      lines.back() = longer;
    } else if (lines.size() == most_lines) {
      lines.back() += " ...";
      break;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

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
  std::string number;     // in the mark
  std::string time = {};  // before the text
};

std::string seconds_text(double seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2f s", seconds);
  return text.data();
}

class Card {
 public:
  Card(Canvas& canvas, const types::Analysis& analysis, double scale, double opacity)
      : canvas_(canvas),
        analysis_(analysis),
        scale_(scale),
        opacity_(opacity),
        width_(std::min(card_width * scale, canvas.width() * .94)),
        reason_(wrapped(analysis.verdict.reason, 12.5 * scale, width_ - 2 * padding * scale)) {
    collect_entries();
  }

  void draw() {
    const double height = measure();
    const cv::Rect2d box((canvas_.width() - width_) / 2, std::max(0., canvas_.height() * .46 - height / 2),
                         width_, height);
    canvas_.dim(.5 * opacity_);
    canvas_.fill(box, 16 * scale_, palette::ink, .9 * opacity_);
    draw_stripe(box);
    draw_headline(box);
    double y = box.y + 108 * scale_;
    for (const auto& line : reason_) {
      canvas_.text(line, {box.x + padding * scale_, y}, 12.5 * scale_, Align::left, palette::white, false,
                   opacity_);
      y += line_step * 1.1 * scale_;
    }
    y += 8 * scale_;
    for (const auto& entry : entries_) y = draw_entry(entry, box.x + padding * scale_, y);
  }

 private:
  void collect_entries() {
    const types::Verdict& verdict = analysis_.verdict;
    int number = 0;
    for (const auto* finding : decisive_findings(verdict)) {
      const Colour mark = finding->favours ? lamp_colour(*finding->favours) : palette::grey;
      add(finding->text, mark, palette::white, std::to_string(++number), seconds_text(finding->time));
    }
    if (verdict.review) {
      const std::string why = verdict.review_reason.empty() ? "" : ": " + verdict.review_reason;
      add("A referee should look at this one" + why, palette::amber, palette::amber, "!");
    }
    if (analysis_.human_verdict) add(human_text(*analysis_.human_verdict), palette::grey, palette::grey, "i");
  }

  void add(const std::string& text, Colour mark, Colour ink, std::string number, std::string time = {}) {
    const double width = width_ - (2 * padding + indent + (time.empty() ? 0 : time_width)) * scale_;
    entries_.push_back({wrapped(text, body * scale_, width), mark, ink, std::move(number), std::move(time)});
  }

  // Must add up to what draw() uses.
  double measure() const {
    double height =
        108 * scale_ + static_cast<double>(reason_.size()) * line_step * 1.1 * scale_ + 8 * scale_;
    for (const auto& entry : entries_)
      height += (static_cast<double>(entry.lines.size()) * line_step + 4) * scale_;
    return height + 14 * scale_;
  }

  // The winner's colour; both colours where both score.
  void draw_stripe(const cv::Rect2d& box) {
    const types::Winner winner = analysis_.verdict.winner;
    const double height = 7 * scale_, inset = 16 * scale_, width = box.width - 2 * inset;
    const cv::Rect2d stripe(box.x + inset, box.y + 12 * scale_, width, height);
    const bool both = winner == types::Winner::both;
    canvas_.fill(stripe, height / 2, both ? palette::red : colour_of(winner), opacity_);
    if (both) {
      canvas_.fill({stripe.x + width / 2, stripe.y, width / 2, height}, height / 2, palette::green, opacity_);
    }
  }

  void draw_headline(const cv::Rect2d& box) {
    const types::Verdict& verdict = analysis_.verdict;
    const double y = box.y + 60 * scale_, right = box.br().x - padding * scale_;
    const double letters = std::min(headline_height * scale_, box.width / 14);
    canvas_.text(headline(verdict.winner), {box.x + padding * scale_, y}, letters, Align::left,
                 colour_of(verdict.winner), true, opacity_);
    if (!std::isfinite(verdict.confidence)) return;
    const double confidence = std::clamp(verdict.confidence, 0., 1.), length = 150 * scale_;
    canvas_.text(std::to_string(std::lround(confidence * 100)) + " % sure", {right, y - 7 * scale_},
                 12 * scale_, Align::right, palette::white, true, opacity_);
    const cv::Rect2d bar(right - length, y + 9 * scale_, length, 6 * scale_);
    canvas_.fill(bar, bar.height / 2, palette::dark_grey, opacity_);
    canvas_.fill({bar.x, bar.y, std::max(bar.height, length * confidence), bar.height}, bar.height / 2,
                 verdict.review ? palette::amber : palette::white, opacity_);
  }

  double draw_entry(const Entry& entry, double x, double y) {
    canvas_.disc({x + 9 * scale_, y}, 9 * scale_, entry.mark, opacity_);
    canvas_.text(entry.number, {x + 9 * scale_, y}, 8 * scale_, Align::centre, palette::ink, true, opacity_);
    canvas_.text(entry.time, {x + indent * scale_, y}, body * scale_, Align::left, palette::grey, false,
                 opacity_);
    const double left = x + (indent + (entry.time.empty() ? 0 : time_width)) * scale_;
    for (const auto& line : entry.lines) {
      canvas_.text(line, {left, y}, body * scale_, Align::left, entry.ink, false, opacity_);
      y += line_step * scale_;
    }
    return y + 4 * scale_;
  }

  Canvas& canvas_;
  const types::Analysis& analysis_;
  const double scale_;
  const double opacity_;
  const double width_;
  const std::vector<std::string> reason_;
  std::vector<Entry> entries_;
};

}  // namespace

void draw_verdict_card(Canvas& canvas, const types::Analysis& analysis, double scale, double opacity) {
  Card(canvas, analysis, scale, opacity).draw();
}

}  // namespace piste::artifacts
