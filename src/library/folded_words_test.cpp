#include "library/folded_words.h"

#include <gtest/gtest.h>

namespace piste::library {
namespace {

TEST(FoldedWords, AreComparedWithoutCaseAndAccents) {
  EXPECT_EQ(folded_words("L'ARRÊT, Étienne!"), " l arret etienne");
  EXPECT_EQ(folded_words("Szilágyi Øster Łukasz ÿ ž ſ"), " szilagyi oster lukasz y z s");
  EXPECT_EQ(folded_words("E\u0301tienne 14-14"), " etienne 14 14");
  EXPECT_EQ(folded_words("3\u00D74"), " 3 4");
}

TEST(FoldedWords, HaveNothingThatAPatternKnows) {
  EXPECT_EQ(folded_words("100%_\\' \n\t"), " 100");
  EXPECT_EQ(folded_words(" - "), "");
  EXPECT_EQ(folded_words(std::string_view("a\0b", 3)), " a b");
}

TEST(FoldedWords, OtherScriptsStayAsTheyAre) {
  EXPECT_EQ(folded_words("сабля 剑"), " сабля 剑");
  EXPECT_EQ(folded_words("\xC3"), " \xC3") << "cut short";
}

}  // namespace
}  // namespace piste::library
