#include "types/lamp_places.h"

#include <gtest/gtest.h>

namespace piste::types {
namespace {

TEST(LampPlaces, AutoOffABoxOrTwoLamps) {
  EXPECT_TRUE(lamp_places_in("auto")->watch);
  EXPECT_FALSE(lamp_places_in("auto")->marked());
  EXPECT_FALSE(lamp_places_in("off")->watch);
  EXPECT_EQ(lamp_places_in("10,20,300,40.5")->box, (Area{10, 20, 300, 40.5}));
  const auto two = lamp_places_in("1,2,3,4,5,6,7,8");
  ASSERT_TRUE(two && two->own);
  EXPECT_EQ(two->own->left, (Area{1, 2, 3, 4}));
  EXPECT_EQ(two->own->right, (Area{5, 6, 7, 8}));
  for (const char* text : {"auto", "off", "10,20,300,40", "1,2,3,4,5,6,7,8"})
    EXPECT_EQ(to_string(lamp_places_in(text).value()), text);
}

TEST(LampPlaces, WhatHasAnotherFormIsNone) {
  for (const char* text : {"", "Auto!", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7,8,9", "1,2,3,", ",,,", "1,2,0,4",
                           "-1,2,3,4", "nan,1,1,1", "1e9,1,1,1", "1, 2, 3, 4", "1,2,3,4,5,6,0,8"})
    EXPECT_FALSE(lamp_places_in(text)) << text;
}

TEST(Hits, OneASideInOrderOfTime) {
  const auto hits = hits_in("right@3.32:off_target, left@3.19");
  ASSERT_TRUE(hits);
  ASSERT_EQ(hits->size(), 2u);
  EXPECT_EQ(hits->at(0).scorer, Side::left);
  EXPECT_DOUBLE_EQ(hits->at(0).time, 3.19);
  EXPECT_TRUE(hits->at(0).valid);
  EXPECT_EQ(hits->at(1).scorer, Side::right);
  EXPECT_FALSE(hits->at(1).valid);
  EXPECT_TRUE(hits_in("")->empty());
}

TEST(Hits, WhatHasAnotherFormIsNone) {
  for (const char* text : {"left", "left@", "left@x", "left@-1", "left@nan", "middle@1", "left@1,left@2",
                           "@1", "left@1:on_target", "left@1e9"})
    EXPECT_FALSE(hits_in(text)) << text;
}

}  // namespace
}  // namespace piste::types
