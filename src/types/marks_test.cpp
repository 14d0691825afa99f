#include "types/marks.h"

#include <gtest/gtest.h>

namespace piste::types {
namespace {

TEST(Marks, FencersAreTwoPointsTheLeftOneFirst) {
  const PerSide<Spot> fencers{{290, 206}, {475, 168}};
  for (const char* text : {"290,206,475,168", "475,168,290,206"})
    EXPECT_EQ(to_string(fencers_in(text).value()), "290,206,475,168") << text;
  EXPECT_EQ(to_string(fencers), "290,206,475,168");
}

TEST(Marks, APisteIsAnAreaBetweenCorners) {
  const auto piste = piste_in("0,400,1280,400,1280,700,0,700");
  ASSERT_TRUE(piste);
  EXPECT_EQ(piste->size(), 4U);
  EXPECT_EQ(to_string(*piste), "0,400,1280,400,1280,700,0,700");
}

TEST(Marks, WhatHasAnotherFormIsNone) {
  for (const char* text : {"", "1,2,3", "1,2", "1,2,1,2", "1,2,3,4,5,6", "a,2,3,4", "-1,2,3,4", "nan,1,2,3",
                           "1,2,3,4,", "1e9,2,3,4", "1, 2,3,4"})
    EXPECT_FALSE(fencers_in(text)) << text;
  std::string many = "0,0";
  for (int i = 1; i <= 16; ++i) many += "," + std::to_string(i) + "," + std::to_string(i * i);
  for (const std::string& text : {std::string("1,2,3,4"), std::string("0,0,5,5,10,10"), many})
    EXPECT_FALSE(piste_in(text)) << text;
}

TEST(Marks, OutsideThePictureTheyAreObjectedTo) {
  const Marks fencers{{}, PerSide<Spot>{{10, 10}, {641, 20}}};
  EXPECT_EQ(objection_to(fencers, 640, 480), "fencers must lie within the picture of 640 x 480");
  EXPECT_EQ(objection_to(fencers, 641, 480), "");
  EXPECT_EQ(objection_to({{{0, 0}, {640, 0}, {640, -1}}, {}}, 640, 480),
            "piste_corners must lie within the picture of 640 x 480");
  EXPECT_EQ(objection_to({}, 640, 480), "");
}

TEST(Marks, FeetMayBeALittleBesideThePiste) {
  const std::vector<Spot> piste{{100, 100}, {300, 100}, {300, 200}, {100, 200}};
  EXPECT_TRUE(is_on(piste, {200, 150}, 0));
  EXPECT_FALSE(is_on(piste, {200, 210}, 5));
  EXPECT_TRUE(is_on(piste, {200, 210}, 15));
}

}  // namespace
}  // namespace piste::types
