// A drawn bout of fifteen phrases, from a recording and what its box said: none lost, none invented.
#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <thread>

#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

struct Hit {
  double at = 0;
  std::string side;
};

class Bout : public testing::Test {
 protected:
  // "bout", of fifteen phrases, or "short-bout", of three; a weapon is tested before the first.
  explicit Bout(const std::string& name = "short-bout") : drawn_(std::string(PISTE_PHRASES) + "/" + name) {}
  std::string film() const { return drawn_ + ".mkv"; }
  std::string events() const { return drawn_ + ".jsonl"; }
  std::string out() const { return (folder / "bout").string(); }

  std::vector<json::object> told(const std::string& kind) const {
    std::vector<json::object> found;
    std::istringstream lines(test::read_file(events()));
    for (std::string line; std::getline(lines, line);) {
      const auto event = json::parse(line).as_object();
      if (text(event.at("event")) == kind) found.push_back(event);
    }
    return found;
  }
  static double seconds(const json::object& event) { return event.at("at_ms").to_number<double>() / 1000; }

  // When the box's clock started for each of the phrases with a lamp.
  std::vector<std::pair<double, std::vector<Hit>>> truth() const {
    std::vector<std::pair<double, std::vector<Hit>>> phrases;
    double stopped = 0, started = 0;
    for (const auto& clock : told("clock")) {
      if (clock.at("running").as_bool()) started = seconds(clock);
      if (clock.at("running").as_bool() || started == 0) continue;
      stopped = seconds(clock);
      std::vector<Hit> hits;
      for (const auto& lamp : told("lamp")) {
        if (lamp.at("state") != "off" && seconds(lamp) > started && seconds(lamp) < stopped)
          hits.push_back({seconds(lamp), text(lamp.at("side"))});
      }
      if (!hits.empty()) phrases.emplace_back(started, hits);
    }
    return phrases;
  }
  json::object report() const {
    return json::parse(test::read_file(folder / "bout" / "bout.json")).as_object();
  }

  const test::TempDir folder;

 private:
  std::string drawn_;
};

class WholeBout : public Bout {
 protected:
  WholeBout() : Bout("bout") {}
};

TEST_F(WholeBout, EveryPhraseIsFoundAndJudgedAndNoneInvented) {
  const auto ended = test::run({program("referee"),
                                {"bout", film(), "--box-events", events(), "--out", out(), "--no-overlay"},
                                {},
                                {}},
                               std::chrono::seconds(900));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto expected = truth();
  ASSERT_EQ(expected.size(), 15U);
  const auto found = report();
  const auto& phrases = found.at("phrases").as_array();
  ASSERT_EQ(phrases.size(), expected.size()) << ended.out;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const auto& phrase = phrases[i].as_object();
    const auto& [started, hits] = expected[i];
    EXPECT_EQ(phrase.at("number").to_number<std::size_t>(), i + 1);
    EXPECT_NEAR(phrase.at("start").to_number<double>(), started - .5, .1);
    EXPECT_GT(phrase.at("end").to_number<double>(), hits.back().at + .7);
    const auto& touches = phrase.at("touches").as_array();
    ASSERT_EQ(touches.size(), hits.size());
    EXPECT_EQ(text(touches[0].at("side")), hits[0].side);
    EXPECT_NEAR(touches[0].at("time").to_number<double>(), hits[0].at, .001);
    if (hits.size() == 1) {
      EXPECT_EQ(text(phrase.at("winner")), hits[0].side);
    }
    const auto directory = std::filesystem::path(out()) / text(phrase.at("folder"));
    for (const char* name : {"phrase.mkv", "phrase.txt", "keypoints.xlsx", "analysis_result.json"})
      EXPECT_TRUE(std::filesystem::exists(directory / name)) << directory / name;
    EXPECT_FALSE(std::filesystem::exists(directory / "frames.log"));
    EXPECT_THAT(ended.out, HasSubstr(text(phrase.at("folder"))));
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(out()) / ".stretch.frames"));
  EXPECT_FALSE(found.at("left_out").as_array().empty());
  // Told by the box: fourteen decided touches and the one that a red card gives.
  EXPECT_EQ(found.at("score").at("left").to_number<int>() + found.at("score").at("right").to_number<int>(),
            15);
}

TEST_F(Bout, APhraseOfItIsAPhraseOfItsOwn) {
  auto hits = truth()[0].second;
  std::vector<std::string> arguments{"bout", film(), "--out", out()};
  for (const Hit& hit : hits)
    arguments.insert(arguments.end(), {"--hit", hit.side + "@" + std::to_string(hit.at)});
  const auto ended = run("referee", arguments);
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto directory = std::filesystem::path(out()) / "phrase-01";
  EXPECT_TRUE(std::filesystem::exists(directory / "overlay.mp4"));
  const auto result = json::parse(test::read_file(directory / "analysis_result.json")).as_object();
  EXPECT_EQ(result.at("winner"), "right");
  const auto again =
      run("referee", {"analyze", (directory / "phrase.mkv").string(), (directory / "phrase.txt").string(),
                      "--no-overlay", "--out", (folder / "again").string()});
  ASSERT_EQ(again.code, 0) << again.err;
  const auto alone = json::parse(again.out).as_object();
  EXPECT_EQ(alone.at("winner"), result.at("winner"));
  EXPECT_EQ(alone.at("frames_analyzed"), result.at("frames_analyzed"));
}

TEST_F(Bout, WithoutAClockThePhraseBeginsWithTheGuard) {
  const auto [started, hits] = truth()[0];
  const auto tests = told("lamp").front();  // before it: a weapon that is tested
  const auto ended = run("referee", {"bout", film(), "--no-overlay", "--out", out(), "--hit",
                                     "left@" + std::to_string(seconds(tests)), "--hit",
                                     hits[0].side + "@" + std::to_string(hits[0].at), "--hit",
                                     hits[1].side + "@" + std::to_string(hits[1].at)});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto found = report();
  ASSERT_EQ(found.at("phrases").as_array().size(), 1U) << ended.out;
  const double start = found.at("phrases").at(0).at("start").to_number<double>();
  EXPECT_GT(start, started - 2.3);  // when they came on guard
  EXPECT_LT(start, started + .1);   // the first action is at .5
  ASSERT_EQ(found.at("left_out").as_array().size(), 1U);
  EXPECT_THAT(text(found.at("left_out").at(0).at("why")), HasSubstr("on guard"));
}

// Ten pictures a second; the box's lamps are tested before the first phrase.
TEST_F(Bout, ItsLampsInThePictureTellAllOfIt) {
  const auto ended = run("referee", {"bout", film(), "--lamps", "auto", "--no-overlay", "--out", out()});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto expected = truth();
  const auto found = report();
  const auto& phrases = found.at("phrases").as_array();
  ASSERT_EQ(phrases.size(), expected.size()) << ended.out << ended.err;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const auto& hits = expected[i].second;
    const auto& touches = phrases[i].at("touches").as_array();
    ASSERT_EQ(touches.size(), hits.size()) << "phrase " << i + 1;
    for (std::size_t j = 0; j < hits.size(); ++j) {
      EXPECT_EQ(text(touches[j].at("side")), hits[j].side);
      EXPECT_NEAR(touches[j].at("time").to_number<double>(), hits[j].at, .11);
    }
  }
  EXPECT_THAT(ended.err, HasSubstr("tested a weapon"));
}

TEST_F(Bout, AHitBehindTheEndIsNamed) {
  const auto ended = run("referee", {"bout", std::string(PISTE_PHRASES) + "/attack-from-right.mkv",
                                     "--no-overlay", "--out", out(), "--hit", "left@99"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("the video is over after"));
  EXPECT_THAT(ended.err, HasSubstr("there is no phrase in it"));
}

// At its own pace, with the box's hits as touch messages.
TEST_F(Bout, ALiveOneHasALineATouchAndAFolderAPhrase) {
  Service service;
  const auto ended = test::run({program("referee_client_streaming"),
                                {service.url(), "--bout", "--video", film(), "--box-events", events(),
                                 "--output", (folder / "result.json").string()},
                                {},
                                {}},
                               std::chrono::seconds(450));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto result = json::parse(test::read_file(folder / "result.json")).as_object();
  const auto& phrases = result.at("phrases").as_array();
  ASSERT_EQ(phrases.size(), 3U) << ended.err;
  EXPECT_EQ(text(phrases[2].as_object().at("winner")), "left") << "the only lamp";
  EXPECT_EQ(result.at("left_out").as_array().size(), 1U) << "a weapon was tested";
  EXPECT_THAT(ended.err, HasSubstr("  3  left "));
  const auto bout = test::phrases_in(service.output()).front();
  for (const char* name : {"bout.json", "box.jsonl", "phrase-01/overlay.mp4", "phrase-03/phrase.mkv",
                           "phrase-03/phrase.txt", "phrase-03/analysis_result.json"})
    EXPECT_TRUE(std::filesystem::exists(bout / name)) << name;
  EXPECT_TRUE(service.becomes_idle());
  for (int i = 0; i < 100 && std::filesystem::exists(bout / "frames.log"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(std::filesystem::exists(bout / "frames.log"));
}

}  // namespace
}  // namespace piste::e2e
