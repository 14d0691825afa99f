#include "base/number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace piste::base {
namespace {

TEST(NumberIn, IsTheWholeText) {
  EXPECT_EQ(number_in<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(number_in<int>("-7"), -7);
  EXPECT_EQ(number_in<double>("1e3"), 1000);
}

TEST(NumberIn, IsNothingWhereAnythingElseIsThere) {
  for (const char* text : {"", " 1", "1 ", "+1", "1x", "x"}) EXPECT_FALSE(number_in<int>(text)) << text;
  EXPECT_FALSE(number_in<std::uint16_t>("65536"));
  EXPECT_FALSE(number_in<std::uint32_t>("-1"));
  EXPECT_FALSE(number_in<double>("1e999"));
}

}  // namespace
}  // namespace piste::base
