#include "report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

namespace piste::bench {

void report(const std::string& bench, const std::string& name, const Figures& figures) {
  std::string json = R"({"bench":")" + bench + R"(","case":")" + name + '"';
  std::string row = name;
  row.resize(std::max<std::size_t>(row.size(), 50), ' ');
  for (const auto& [key, value] : figures) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    json += std::string(",\"") + key + "\":" + text.data();
    row += std::string("  ") + key + ' ' + text.data();
  }
  std::cout << json << '}' << std::endl;
  std::cerr << row << std::endl;
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace piste::bench
