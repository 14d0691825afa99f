#include "plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace piste::bench {
namespace {

constexpr double width = 720, height = 360;
constexpr double left = 70, right = 20, top = 40, bottom = 50;
constexpr int ticks = 5;
constexpr std::array colours{"#1b6ca8", "#c8553d", "#4a8f3c", "#8a5a9e", "#b58900", "#555555"};

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

// The end of an axis: 1, 2 or 5 times a power of ten for each tick, so that the ticks read well.
double round_up(double most) {
  if (most <= 0) return 1;
  const double step = most / ticks;
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (factor * power >= step) return factor * power * ticks;
  }
  return most;
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart) {
    for (const Series& series : chart.series) {
      for (const auto& [x, y] : series.points) {
        most_x_ = std::max(most_x_, x);
        most_y_ = std::max(most_y_, y);
      }
    }
    most_x_ = round_up(most_x_);
    most_y_ = round_up(most_y_);
    out_ =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" font-family="sans-serif" font-size="12">)"
        R"(<rect width="720" height="360" fill="white"/>)";
    text(width / 2, 22, "middle", chart.title);
    text((left + width - right) / 2, height - 10, "middle", chart.x);
    text(left - 60, top - 12, "start", chart.y);
    axes();
    for (std::size_t i = 0; i < chart.series.size(); ++i) draw(chart.series[i], i);
    out_ += "</svg>\n";
  }
  const std::string& svg() const { return out_; }

 private:
  double place_x(double x) const { return left + x / most_x_ * (width - left - right); }
  double place_y(double y) const { return height - bottom - y / most_y_ * (height - top - bottom); }

  void text(double x, double y, const char* anchor, const std::string& words) {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" + words +
            "</text>";
  }
  void line(double x1, double y1, double x2, double y2) {
    out_ += "<path d=\"M" + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2) +
            R"(" stroke="#cccccc" fill="none"/>)";
  }

  void axes() {
    for (int i = 0; i <= ticks; ++i) {
      const double x = most_x_ * i / ticks;
      const double y = most_y_ * i / ticks;
      line(left, place_y(y), width - right, place_y(y));
      text(left - 6, place_y(y) + 4, "end", number(y));
      text(place_x(x), height - bottom + 18, "middle", number(x));
    }
  }

  void draw(const Series& series, std::size_t index) {
    const std::string colour = colours[index % colours.size()];
    out_ += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour + "\" points=\"";
    for (const auto& [x, y] : series.points) out_ += number(place_x(x)) + "," + number(place_y(y)) + " ";
    out_ += "\"/><rect width=\"12\" height=\"4\" x=\"" + number(left + 12) + "\" y=\"" +
            number(top + 6 + 16 * static_cast<double>(index)) + "\" fill=\"" + colour + "\"/>";
    text(left + 30, top + 12 + 16 * static_cast<double>(index), "start", series.name);
  }

  double most_x_ = 0;
  double most_y_ = 0;
  std::string out_;
};

}  // namespace

void write_svg(const Chart& chart, const std::filesystem::path& file) {
  std::ofstream out(file);
  out << Drawing(chart).svg();
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace piste::bench
