#include "server/tokens.h"

#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace piste::server {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const std::string some_hash = "sha256:" + std::string(64, 'a');

TEST(Tokens, ALineComesBackAsItWas) {
  const Token token{"salle-a", hash_of("secret"), 3};
  const auto list = TokenList::parse(token_line(token) + "\n");
  ASSERT_TRUE(list);
  const Token* found = list->find(hash_of("secret"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "salle-a");
  EXPECT_EQ(found->max_sessions, 3u);
  EXPECT_FALSE(list->find(hash_of("secret2")));
}

TEST(Tokens, TheHashIsSha256) {
  EXPECT_EQ(token_line({"n", hash_of("abc")}),
            "n sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Tokens, CommentsAndBlanksArePassedOver) {
  const auto list = TokenList::parse("# club\n\n  \t\r\n a\t" + some_hash + "\r\nb " + some_hash + " 2");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->tokens().size(), 2u);
}

TEST(Tokens, ALineMayNameARole) {
  const auto list =
      TokenList::parse("a " + some_hash + " viewer\nb " + some_hash + " 2 camera\nc " + some_hash);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->tokens()[0].role, Role::viewer);
  EXPECT_EQ(list->tokens()[1].role, Role::camera);
  EXPECT_EQ(list->tokens()[1].max_sessions, 2u);
  EXPECT_EQ(list->tokens()[2].role, Role::owner) << "as tokens were before there were roles";
  EXPECT_TRUE(token_line(list->tokens()[1]).ends_with(" 2 camera"));
}

TEST(Tokens, AWrongLineIsNamedButNotShown) {
  for (const std::string& line : std::vector<std::string>{
           "name-and-secret", "a/b " + some_hash, "a " + some_hash + " 0", "a " + some_hash + " many",
           "a " + some_hash + " 1 2", "a " + some_hash + " king", "a " + some_hash + " viewer 1",
           "a sha256:12", "a md5:" + std::string(64, 'a'), "a " + some_hash + "0",
           "a sha256:" + std::string(63, 'a') + "g"}) {
    const auto list = TokenList::parse("# first\n" + line + "\n");
    ASSERT_FALSE(list) << line;
    EXPECT_THAT(list.error().message, HasSubstr("line 2"));
    EXPECT_THAT(list.error().message, testing::Not(HasSubstr(line)));
  }
}

TEST(Tokens, NewOnesAreLongAndNeverTheSame) {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) made.insert(make_token());
  EXPECT_EQ(made.size(), 100u);
  EXPECT_THAT(*made.begin(), MatchesRegex("piste_[0-9a-f]{64}"));
}

TEST(Tokens, AHashIsRightToItsLastByteOrNotAtAll) {
  const Token known{"salle-a", hash_of("secret")};
  const auto list = TokenList::parse(token_line(known));
  ASSERT_TRUE(list);
  for (std::size_t i = 0; i < known.hash.size(); ++i) {
    TokenHash wrong = known.hash;
    wrong[i] ^= 1;
    EXPECT_FALSE(list->find(wrong)) << "byte " << i;
  }
}

}  // namespace
}  // namespace piste::server
