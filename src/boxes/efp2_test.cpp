#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string info(const std::string& stopwatch, char state, const std::string& right,
                 const std::string& left) {
  return "|EFP2|INFO|RED|24|FIW|T32|1|1|32|14:45|" + stopwatch + "|" + state +
         "|0|N|0|0|0|0|0|0|33|ONE|RUS|||5|0|0|0|0|" + right + "|531|TWO|FRA|||3|1|0|0|1|" + left + "|\n";
}

Events decode(const std::string& messages) {
  return test::decode(Protocol::efp2, text(messages));
}

TEST(Efp2Test, AnInfoTellsEverything) {
  const auto events = decode(info("3:00", 'F', "0|0", "0|0") + info("2:59", 'H', "0|1", "1|0"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":3,"right":5})"));
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"yellow","count":1})"));
  EXPECT_THAT(
      lines(events, "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"left","state":"valid","order":"unknown","note":"order unknown"})",
          R"({"event":"lamp","side":"right","state":"off_target","order":"unknown","note":"order unknown"})"));
  EXPECT_NEAR(hits(events)[0].moment.at, 1, 1e-9);
  EXPECT_THAT(lines(events, "match").at(0), testing::HasSubstr(R"("weapon":"foil")"));
}

TEST(Efp2Test, AnythingButFortyTwoFieldsIsDropped) {
  std::string more = info("3:00", 'F', "1|0", "0|0");
  more.insert(more.find("|ONE"), "|");
  std::string less = info("3:00", 'F', "1|0", "0|0");
  less.erase(less.find("|ONE"), 1);
  EXPECT_THAT(decode(more + less + "|EFP2|INFO|\n|EFP2|\n|EFP2||\n"), IsEmpty());
}

TEST(Efp2Test, OtherCommandsAndProtocolsTellNothing) {
  EXPECT_THAT(decode("|EFP2|HELLO|RED|\n|EFP2|PING|\n|EFP2|STOP|\n|EFP1.1|INFO|17|%|\nENG1|\n"), IsEmpty());
}

TEST(Efp2Test, ThePublishedMessages) {
  const std::filesystem::path path =
      std::filesystem::path(PISTE_SOURCE_DIR) / "../shared/data/boxes/efp2.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  const auto events = decode(std::string(std::istreambuf_iterator<char>(file), {}));
  EXPECT_THAT(
      lines(events, "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"right","state":"valid","note":"lit before the box was heard"})"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":3,"right":5})"));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":180})"));
}

TEST(Efp2Test, DamageMakesNoHit) {
  std::string sent;
  for (int hit = 0; hit < 50; ++hit) {
    for (int second = 59; second > 54; --second)
      sent += info("2:" + std::to_string(second), 'F', "0|0", "0|0");
    for (int again = 0; again < 3; ++again)
      sent += info("2:54", 'H', hit % 2 ? "1|0" : "0|0", hit % 2 ? "0|0" : "0|1");
  }
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(50));
  // Many messages are lost, and with them the time of a recording: hits are told apart by side and state.
  for (unsigned seed = 0; seed < 40; ++seed) {
    const auto heard = test::decode(Protocol::efp2, damaged(text(sent), 0.005, seed));
    EXPECT_EQ(false_hits(heard, clean, 1e12), 0U) << seed;
    EXPECT_LE(hits(heard).size(), hits(clean).size()) << seed;
  }
}

}  // namespace
}  // namespace piste::boxes
