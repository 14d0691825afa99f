#include "server/base64.h"

#include <gtest/gtest.h>

namespace piste::server {
namespace {

TEST(Base64, IsDecoded) {
  EXPECT_EQ(base64_decoded(""), "");
  EXPECT_EQ(base64_decoded("Zg=="), "f");
  EXPECT_EQ(base64_decoded("Zm8="), "fo");
  EXPECT_EQ(base64_decoded("Zm9v"), "foo");
  EXPECT_EQ(base64_decoded("dGhlIHNhbXBsZSBub25jZQ=="), "the sample nonce");
  EXPECT_EQ(base64_decoded("//8="), "\xFF\xFF");
}

TEST(Base64, WhatIsNoneIsNothing) {
  for (const char* text :
       {"Zg", "Zg=", "Z===", "====", "Zm9v=", "Z=9v", "Zm 9", "Zm9v\n", "Zm9-", "Zg==Zg=="}) {
    EXPECT_FALSE(base64_decoded(text)) << text;
  }
}

}  // namespace
}  // namespace piste::server
