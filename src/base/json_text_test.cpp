#include "base/json_text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cmath>

namespace piste::base {
namespace {

TEST(JsonText, NumbersAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(json_number(0.1), "0.1");
  EXPECT_EQ(json_number(1699276800.123), "1699276800.123");
  EXPECT_EQ(json_number(30), "30");
  EXPECT_EQ(json_number(std::nan("")), "null");
  EXPECT_EQ(json_number(INFINITY), "null");
}

TEST(JsonText, IsTheSameValueInItsOrder) {
  for (const char* text : {R"({"b":0.5,"a":[1,-2.25,null,true],"c":{"d":"é \" \n"}})", "{}", "[]", "[{},[]]",
                           R"({"quo\"te":18446744073709551615})"}) {
    EXPECT_EQ(json_text(boost::json::parse(text)), text);
  }
}

}  // namespace
}  // namespace piste::base
