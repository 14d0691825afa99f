#include "artifacts/header.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace piste::artifacts {
namespace {

using types::Side;

constexpr double flash_length = .45;  // s, of the light that falls into the picture at a hit

std::string seconds_text(double seconds, const char* format) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), format, seconds);
  return text.data();
}

const types::Touch* touch_of(const types::Phrase& phrase, Side side) {
  for (const auto& touch : phrase.touches) {
    if (touch.scorer == side) return &touch;
  }
  return nullptr;
}

void draw_lamp(Canvas& canvas, Side side, const types::Touch* touch, double since, double scale) {
  const bool left = side == Side::left;
  const double width = 168 * scale, height = 44 * scale, margin = 16 * scale;
  const cv::Rect2d box(left ? margin : canvas.width() - margin - width, margin, width, height);
  const cv::Point2d bulb(left ? box.x + 20 * scale : box.br().x - 20 * scale, box.y + height / 2);
  const double text_x = left ? bulb.x + 22 * scale : bulb.x - 22 * scale;
  const Align align = left ? Align::left : Align::right;
  const bool lit = touch && since >= 0;
  const bool off_target = lit && !touch->valid;
  const Colour colour = off_target ? palette::white : lamp_colour(side);
  const Colour ink = off_target ? palette::ink : lit ? palette::white : palette::grey;
  if (lit) {
    const double fresh = std::max(0., 1 - since / flash_length);
    canvas.glow(bulb, (70 + 150 * fresh) * scale, colour, .55 + .4 * fresh);
  }
  canvas.fill(box, height / 2, lit ? mixed(colour, palette::ink, .35) : palette::ink, lit ? .9 : .62);
  canvas.disc(bulb, 12 * scale, lit ? colour : mixed(colour, palette::ink, .72), 1);
  if (lit) canvas.disc(bulb, 6 * scale, palette::white, .9);
  canvas.text(left ? "LEFT" : "RIGHT", {text_x, box.y + height * (lit ? .32 : .5)}, 11 * scale, align, ink,
              true);
  if (!lit) return;
  canvas.text((touch->valid ? "hit " : "off target ") + seconds_text(touch->time, "%.2f s"),
              {text_x, box.y + height * .71}, 8 * scale, align, ink);
}

}  // namespace

void draw_lamps(Canvas& canvas, const types::Analysis& analysis, double time, double scale) {
  for (const Side side : types::both_sides) {
    const types::Touch* touch = touch_of(analysis.phrase, side);
    draw_lamp(canvas, side, touch, touch ? time - touch->time - analysis.log_offset : 0, scale);
  }
}

void draw_clock(Canvas& canvas, const types::Analysis& analysis, double time, std::int64_t frame,
                double scale) {
  const double width = 190 * scale, height = 40 * scale, x = canvas.width() / 2.;
  canvas.fill({x - width / 2, 18 * scale, width, height}, height / 2, palette::ink, .62);
  canvas.text(seconds_text(time, "%.2f s"), {x - 12 * scale, 38 * scale}, 13 * scale, Align::right,
              palette::white, true);
  canvas.text("frame " + std::to_string(frame), {x + 4 * scale, 31 * scale}, 8 * scale, Align::left,
              palette::grey);
  canvas.text(std::string(to_string(analysis.weapon)), {x + 4 * scale, 46 * scale}, 8 * scale, Align::left,
              palette::grey);
}

}  // namespace piste::artifacts
