#include "base/interval_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace piste::base {
namespace {

using Range = IntervalSet::Range;
using Ranges = std::vector<Range>;

IntervalSet numbers(std::initializer_list<std::int64_t> list) {
  IntervalSet set;
  for (const auto number : list) set.insert(number);
  return set;
}

TEST(IntervalSet, EmptyHasNothing) {
  const IntervalSet none;
  EXPECT_FALSE(none.contains(0));
  EXPECT_EQ(none.highest(), -1);
  EXPECT_EQ(none.count_below(100), 0);
  EXPECT_EQ(none.gaps(0, 3, 5), (Ranges{{0, 2}}));
  EXPECT_EQ(none.gaps(0, 0, 5), Ranges{});
}

TEST(IntervalSet, SaysWhatWasThereAlready) {
  auto set = numbers({0, 1, 2});
  EXPECT_FALSE(set.insert(0));
  EXPECT_FALSE(set.insert(2));
  EXPECT_TRUE(set.insert(3));
  EXPECT_EQ(set.count(), 4);
}

TEST(IntervalSet, GapsInOrder) {
  const auto set = numbers({7, 1, 2, 9});
  EXPECT_EQ(set.gaps(0, 10, 9), (Ranges{{0, 0}, {3, 6}, {8, 8}}));
  EXPECT_EQ(set.gaps(0, 13, 9), (Ranges{{0, 0}, {3, 6}, {8, 8}, {10, 12}}));
  EXPECT_EQ(set.gaps(0, 13, 2), (Ranges{{0, 0}, {3, 6}}));
  EXPECT_EQ(set.gaps(0, 5, 9), (Ranges{{0, 0}, {3, 4}})) << "a gap ends at the end";
  EXPECT_EQ(set.count_below(8), 3);
}

TEST(IntervalSet, LargeNumbersCostNothing) {
  const std::int64_t far = (std::int64_t{1} << 53) - 1;
  const auto set = numbers({0, far});
  EXPECT_EQ(set.highest(), far);
  EXPECT_EQ(set.count_below(far), 1);
  EXPECT_EQ(set.gaps(0, far, 5), (Ranges{{1, far - 1}}));
}

TEST(IntervalSet, AgreesWithAPlainSetInAnyOrder) {
  std::mt19937 random(7);
  IntervalSet set;
  std::set<std::int64_t> plain;
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t number = random() % 2000;
    EXPECT_EQ(set.insert(number), plain.insert(number).second);
    const std::int64_t end = random() % 2200;
    EXPECT_EQ(set.count_below(end), std::distance(plain.begin(), plain.lower_bound(end)));
    EXPECT_EQ(set.highest(), *plain.rbegin());
    const std::int64_t probe = random() % 2000;
    EXPECT_EQ(set.contains(probe), plain.contains(probe));
  }
  std::int64_t missing = 0;
  for (const auto& gap : set.gaps(0, 2000, 5000)) {
    for (auto number = gap.first; number <= gap.second; ++number) {
      EXPECT_FALSE(plain.contains(number));
      ++missing;
    }
  }
  EXPECT_EQ(missing + set.count(), 2000);
}

TEST(IntervalSetTest, WhatIsBelowMayBeAssumed) {
  IntervalSet numbers;
  for (const std::int64_t number : {3, 5, 6, 9, 12}) numbers.insert(number);
  numbers.assume_below(6);
  EXPECT_EQ(numbers.ranges(), (std::vector<IntervalSet::Range>{{0, 6}, {9, 9}, {12, 12}}));
  EXPECT_EQ(numbers.count(), 9);
  numbers.assume_below(0);
  numbers.assume_below(11);
  EXPECT_EQ(numbers.ranges(), (std::vector<IntervalSet::Range>{{0, 10}, {12, 12}}));
  EXPECT_EQ(numbers.count(), 12);
}

TEST(IntervalSet, JoinsWhatTouches) {
  using List = std::initializer_list<std::int64_t>;
  for (const List& order : {List{0, 1, 2}, List{2, 1, 0}, List{0, 2, 1}})
    EXPECT_EQ(numbers(order).ranges(), (Ranges{{0, 2}}));
}

}  // namespace
}  // namespace piste::base
