#include "pipeline/frame_numbers.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace piste::pipeline {
namespace {

constexpr std::size_t ranges_listed = 5;

}  // namespace

std::string numbers_text(std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  for (const auto number : numbers) {
    if (ranges.empty() || number != ranges.back().second + 1) ranges.emplace_back(number, number);
    ranges.back().second = number;
  }
  return base::listed(ranges, ranges_listed);
}

}  // namespace piste::pipeline
