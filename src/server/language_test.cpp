#include "server/language.h"

#include <gtest/gtest.h>

namespace piste::server {
namespace {

std::string_view among_three(std::string_view accept_language) {
  return language_for(accept_language, {"en", "de", "fr"});
}

TEST(LanguageTest, TheDearestOfThoseThatThereAre) {
  EXPECT_EQ(among_three("de-CH, de;q=0.9, en;q=0.8"), "de");
  EXPECT_EQ(among_three("pt-BR, en;q=0.7, FR-fr;q=0.9"), "fr");
  EXPECT_EQ(among_three("en;q=.5,de;q=.5"), "en") << "the first of equals";
  EXPECT_EQ(among_three("de;q=0, fr;q=0.1"), "fr") << "0 is not wanted";
}

TEST(LanguageTest, TheFirstWhereNoneIsNamed) {
  for (const char* said :
       {"", "*", "pt", "pt-BR, zh;q=0.9", "den", "d", ",,;;q=", "de;q=2", "de;q=x", "de;q=-1", "de;q=nan"})
    EXPECT_EQ(among_three(said), "en") << said;
}

}  // namespace
}  // namespace piste::server
