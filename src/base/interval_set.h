// A set of numbers, such as those of the frames that have come, as intervals. Costs memory and time by the
// number of gaps, never by how large a number is. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace piste::base {

class IntervalSet {
 public:
  using Range = std::pair<std::int64_t, std::int64_t>;  // first and last, both in it

  bool contains(std::int64_t number) const;
  // False when it was there already. number >= 0.
  bool insert(std::int64_t number);

  // Whatever is below counts as having come: for what goes on for hours, and after a restart.
  void assume_below(std::int64_t end);

  std::size_t runs() const { return runs_.size(); }
  std::int64_t count() const { return count_; }
  std::int64_t highest() const;                      // -1: none
  std::int64_t lowest() const;                       // 0: none
  std::int64_t count_below(std::int64_t end) const;  // of numbers in [0, end)
  std::vector<Range> ranges() const;                 // all that came
  // The first gaps in [begin, end), at most `limit` of them. begin: not above lowest(), unless none came.
  std::vector<Range> gaps(std::int64_t begin, std::int64_t end, std::size_t limit) const;

 private:
  using Runs = std::map<std::int64_t, std::int64_t>;  // first -> last
  Runs::const_iterator run_of(std::int64_t number) const;

  Runs runs_;  // disjoint, never touching one another
  std::int64_t count_ = 0;
};

}  // namespace piste::base
