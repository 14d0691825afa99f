#include <gtest/gtest.h>

#include "artifacts/ascii.h"
#include "artifacts/findings.h"

namespace piste::artifacts {
namespace {

using types::Side;

TEST(Ascii, AccentsGoAndSignsBecomePlain) {
  EXPECT_EQ(to_ascii("plain text 1.20 s"), "plain text 1.20 s");
  EXPECT_EQ(to_ascii("Épée, flèche, piégé – “très” …"), "Epee, fleche, piege - \"tres\" ...");
  EXPECT_EQ(to_ascii("Jürgen Weiß Łukasz Čech Ødegård"), "Jurgen Weiss Lukasz Cech Odegard");
  EXPECT_EQ(to_ascii("a → b"), "a -> b");
}

TEST(Ascii, TheRestIsAQuestionMark) {
  EXPECT_EQ(to_ascii("剑 🤺"), "? ?");
  EXPECT_EQ(to_ascii("a\nb\x7F"), "a b ");
  EXPECT_EQ(to_ascii("\xFF\xC3"), "??");
  EXPECT_EQ(to_ascii("\xE2\x82"), "?");
}

types::Finding finding(double time, double weight, std::optional<Side> favours, std::string text) {
  return {"kind", time, 0, 0, "", "", weight, favours, std::move(text)};
}

std::vector<std::string> texts_of(const types::Verdict& verdict) {
  std::vector<std::string> texts;
  for (const auto* found : decisive_findings(verdict)) texts.push_back(found->text);
  return texts;
}

TEST(DecisiveFindings, AreTheWeightiestForTheWinnerInOrderOfTime) {
  types::Verdict verdict;
  verdict.winner = types::Winner::right;
  verdict.trace = {finding(.1, .2, Side::right, "light"),    finding(.2, 5, Side::left, "against"),
                   finding(.3, 1, Side::right, "a"),         finding(.4, 9, Side::right, ""),
                   finding(.5, 3, Side::right, "b"),         finding(.6, 2, std::nullopt, "c"),
                   finding(.7, 0, Side::right, "weightless")};
  EXPECT_EQ(texts_of(verdict), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(DecisiveFindings, WithoutATouchTheyAreThoseOfBothSides) {
  types::Verdict verdict;
  verdict.trace = {finding(.1, 1, Side::right, "a"), finding(.2, 1, Side::left, "b")};
  EXPECT_EQ(texts_of(verdict), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(decisive_findings(types::Verdict{}).empty());
}

}  // namespace
}  // namespace piste::artifacts
