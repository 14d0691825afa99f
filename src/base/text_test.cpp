#include "base/text.h"

#include <gtest/gtest.h>

namespace piste::base {
namespace {

TEST(Escaped, KeepsTextAndShowsControlCharacters) {
  EXPECT_EQ(escaped("phrase_1"), "phrase_1");
  EXPECT_EQ(escaped("a\nb\x7F\x1B[0m"), "a\\x0Ab\\x7F\\x1B[0m");
  EXPECT_EQ(escaped("épée ⚔"), "épée ⚔");
  EXPECT_EQ(escaped("\xFF\xC3"), "\\xFF\\xC3");
}

TEST(IsUtf8, FollowsRfc3629) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("fleuret, épée, 佩剑 \xF0\x9F\xA4\xBA"));
  EXPECT_FALSE(is_utf8("\x80"));
  EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut short
}

TEST(Listed, NamesTheFirstRangesAndSaysWhereThereAreMore) {
  const std::vector<std::pair<std::int64_t, std::int64_t>> ranges{{3, 3}, {7, 12}, {20, 21}};
  EXPECT_EQ(listed({}, 5), "");
  EXPECT_EQ(listed(ranges, 3), "3, 7-12, 20-21");
  EXPECT_EQ(listed(ranges, 2), "3, 7-12, ...");
}

}  // namespace
}  // namespace piste::base
