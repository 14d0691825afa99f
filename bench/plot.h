// A line chart as SVG, for docs/performance.md.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace piste::bench {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // in order of x
};

struct Chart {
  std::string title;
  std::string x;  // what the axes show, with units
  std::string y;
  std::vector<Series> series;  // at most six
};

// y begins at 0. Throws where the file cannot be written.
void write_svg(const Chart& chart, const std::filesystem::path& file);

}  // namespace piste::bench
