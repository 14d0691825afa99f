#include "pipeline/decoding_order.h"

#include <gtest/gtest.h>

#include <vector>

namespace piste::pipeline {
namespace {

using Numbers = std::vector<std::int64_t>;

// Every tenth unit is a key frame.
struct Unit {
  std::int64_t number = 0;
  bool key = true;
};

struct Order {
  void add(std::int64_t number) { order.add({number, number % 10 == 0}); }
  void add(const Numbers& numbers) {
    for (const auto number : numbers) add(number);
  }
  Numbers ready() {
    Numbers numbers;
    while (const auto item = order.next()) numbers.push_back(item->number);
    return numbers;
  }
  DecodingOrder<Unit> order;
};

TEST(DecodingOrder, UnitsInOrderPassAtOnce) {
  Order order;
  for (const std::int64_t number : {0, 1, 2, 3}) {
    order.add(number);
    EXPECT_EQ(order.ready(), Numbers{number});
  }
  EXPECT_FALSE(order.order.has_next());
  EXPECT_EQ(order.order.size(), 0u);
}

TEST(DecodingOrder, AUnitWaitsForTheOneBeforeIt) {
  Order order;
  order.add({0, 2, 4, 3});
  EXPECT_EQ(order.ready(), Numbers{0});
  EXPECT_EQ(order.order.size(), 3u) << "they count as waiting";
  order.add(1);
  EXPECT_EQ(order.ready(), (Numbers{1, 2, 3, 4}));
}

TEST(DecodingOrder, TheNextKeyFrameEndsTheWait) {
  Order order;
  order.add({0, 1, 4, 3, 10});
  EXPECT_EQ(order.ready(), (Numbers{0, 1, 3, 4, 10})) << "for the decoder to refuse 3 and 4";
  order.add({2, 11});
  EXPECT_EQ(order.ready(), (Numbers{2, 11})) << "2 is too late";
}

TEST(DecodingOrder, UnitsAreHereBeforeTheirKeyFrame) {
  Order order;
  order.add({0, 11, 12, 1, 10});
  EXPECT_EQ(order.ready(), (Numbers{0, 1, 10, 11, 12}));
}

TEST(DecodingOrder, AtTheEndAllPassInOrder) {
  Order order;
  order.add({0, 5, 3, 15, 14});
  EXPECT_EQ(order.ready(), Numbers{0});
  order.order.end();
  EXPECT_EQ(order.ready(), (Numbers{3, 5, 14, 15}));
}

TEST(DecodingOrder, PicturesThatStandOnTheirOwnKeepTheirOrderOfArrival) {
  DecodingOrder<Unit> order;
  for (const std::int64_t number : {3, 1, 2, 7}) order.add({number, true});
  Numbers numbers;
  while (const auto item = order.next()) numbers.push_back(item->number);
  EXPECT_EQ(numbers, (Numbers{3, 1, 2, 7}));
}

}  // namespace
}  // namespace piste::pipeline
