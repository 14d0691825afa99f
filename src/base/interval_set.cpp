#include "base/interval_set.h"

#include <algorithm>
#include <iterator>

namespace piste::base {

// The run that number is in, or end().
IntervalSet::Runs::const_iterator IntervalSet::run_of(std::int64_t number) const {
  const auto after = runs_.upper_bound(number);
  if (after == runs_.begin()) return runs_.end();
  const auto run = std::prev(after);
  return run->second >= number ? run : runs_.end();
}

bool IntervalSet::contains(std::int64_t number) const {
  return run_of(number) != runs_.end();
}

bool IntervalSet::insert(std::int64_t number) {
  if (contains(number)) return false;
  ++count_;
  auto after = runs_.upper_bound(number);
  const bool joins_after = after != runs_.end() && after->first == number + 1;
  const auto before = after == runs_.begin() ? runs_.end() : std::prev(after);
  const bool joins_before = before != runs_.end() && before->second == number - 1;
  const std::int64_t last = joins_after ? after->second : number;
  if (joins_after) after = runs_.erase(after);
  if (joins_before) {
    before->second = last;
  } else {
    runs_.emplace_hint(after, number, last);
  }
  return true;
}

void IntervalSet::assume_below(std::int64_t end) {
  if (end <= 0) return;
  std::int64_t last = end - 1;
  while (!runs_.empty() && runs_.begin()->first <= end) {
    const auto run = runs_.begin();
    count_ -= run->second - run->first + 1;
    last = std::max(last, run->second);
    runs_.erase(run);
  }
  runs_.emplace(0, last);
  count_ += last + 1;
}

std::int64_t IntervalSet::highest() const {
  return runs_.empty() ? -1 : runs_.rbegin()->second;
}

std::int64_t IntervalSet::lowest() const {
  return runs_.empty() ? 0 : runs_.begin()->first;
}

std::int64_t IntervalSet::count_below(std::int64_t end) const {
  std::int64_t found = 0;
  for (const auto& [first, last] : runs_) {
    if (first >= end) break;
    found += std::min(last, end - 1) - first + 1;
  }
  return found;
}

std::vector<IntervalSet::Range> IntervalSet::ranges() const {
  std::vector<Range> found;
  found.reserve(runs_.size());
  for (const auto& [first, last] : runs_) found.push_back({first, last});
  return found;
}

std::vector<IntervalSet::Range> IntervalSet::gaps(std::int64_t begin, std::int64_t end,
                                                  std::size_t limit) const {
  std::vector<Range> gaps;
  std::int64_t next = begin;
  for (const auto& [first, last] : runs_) {
    if (gaps.size() == limit || first >= end) break;
    if (first > next) gaps.push_back({next, first - 1});
    next = last + 1;
  }
  if (gaps.size() < limit && next < end) gaps.push_back({next, end - 1});
  return gaps;
}

}  // namespace piste::base
