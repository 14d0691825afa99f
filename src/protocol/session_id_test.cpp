#include "protocol/session_id.h"

#include <gtest/gtest.h>

#include <string>

namespace piste::protocol {
namespace {

TEST(SessionId, OrdinaryIdsAreValid) {
  for (const char* id :
       {"phrase_20251106_123045", "a", "custom session 123", "épée-3", "佩剑", "a.b.c", ".", "~"}) {
    EXPECT_TRUE(is_valid_session_id(id)) << id;
  }
}

TEST(SessionId, WhatCouldBeAPathOrHideTextIsNot) {
  for (const std::string id : {"", "/", "../x", "/abs/path", "a/b", "a\\b", "..", "a..b", "a\nb", "a\tb",
                               "\x7F", "\x1B[0m", "\xC2\x85", "\xFF", "\xC3"}) {
    EXPECT_FALSE(is_valid_session_id(id)) << id;
  }
  EXPECT_FALSE(is_valid_session_id(std::string("a\0b", 3)));
}

TEST(SessionId, LengthIsCountedInCharacters) {
  EXPECT_TRUE(is_valid_session_id(std::string(128, 'x')));
  EXPECT_FALSE(is_valid_session_id(std::string(129, 'x')));
  std::string accents;
  for (int i = 0; i < 128; ++i) accents += "é";
  EXPECT_TRUE(is_valid_session_id(accents));
  EXPECT_FALSE(is_valid_session_id(accents + "é"));
}

}  // namespace
}  // namespace piste::protocol
