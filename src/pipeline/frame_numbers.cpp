#include "pipeline/frame_numbers.h"

#include "base/interval_set.h"
#include "base/text.h"

namespace piste::pipeline {
namespace {

constexpr std::size_t ranges_listed = 5;

}  // namespace

std::string numbers_text(const std::vector<std::int64_t>& numbers) {
  base::IntervalSet set;
  for (const std::int64_t number : numbers) set.insert(number);
  return base::listed(set.ranges(), ranges_listed);
}

}  // namespace piste::pipeline
