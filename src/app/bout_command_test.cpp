#include "app/bout_command.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <fstream>

#include "app/command_test.h"
#include "pipeline/bout_report.h"

namespace piste::app {
namespace {

using testing::HasSubstr;
using types::Side;

class BoutCommand : public CommandTest {
 protected:
  BoutCommand() : CommandTest("bout", add_bout_command) { std::ofstream(path("bout.mp4")) << "no video"; }

  int bout(const std::string& options) {
    return run(path("bout.mp4") + " --out " + path("out") + " " + options);
  }
};

TEST_F(BoutCommand, SaysWhatIsMissingOrWrong) {
  EXPECT_EQ(bout("--lamps off"), 2);
  EXPECT_THAT(said, HasSubstr("who hit when? --box-events FILE"));
  EXPECT_EQ(bout("--hit left"), 2);
  EXPECT_THAT(said, HasSubstr("--hit left must be SIDE@SECONDS, as left@3.19"));
  EXPECT_EQ(bout("--hit middle@3"), 2);
  EXPECT_EQ(bout("--piste-corners 1,2,3,4"), 2);
  EXPECT_THAT(said, HasSubstr("3 to 16 corners"));
  EXPECT_EQ(bout("--hit left@-3"), 2);
  EXPECT_EQ(bout("--hit left@nan"), 2);
  EXPECT_EQ(bout("--box-events " + path("none.jsonl")), 2);
  EXPECT_THAT(said, HasSubstr("cannot be read"));
  std::ofstream(path("events.jsonl")) << "{\"event\":\"lamp\",\"side\":\"up\"}\n";
  EXPECT_EQ(bout("--box-events " + path("events.jsonl")), 2);
  EXPECT_THAT(said, HasSubstr("line 1: \"side\" must be one of left, right"));
  EXPECT_EQ(run(path("none.mp4") + " --out " + path("out") + " --hit left@3"), 2);
  EXPECT_THAT(said, HasSubstr("there is no video file"));
  EXPECT_EQ(run(path("bout.mp4") + " --hit left@3"), 206) << "--out is required";
}

TEST_F(BoutCommand, WhatIsNoVideoCannotBeAnalysed) {
  EXPECT_EQ(bout(""), 1) << "lamps are looked for";
  EXPECT_EQ(bout("--hit left@3 --hit right@4.5:off_target"), 1);
  EXPECT_EQ(bout("--hit left@3 --hit right@4.5:off"), 1) << "as it was spelled once";
}

pipeline::BoutReport report() {
  pipeline::BoutReport made;
  made.video = "bout.mp4";
  made.sheet.take({types::box::Match{{{"left_name", "Ada"}}}, {0, 0}});
  pipeline::BoutPhrase phrase{
      1, 61.23456, 65, {{Side::left, 63.5, true, .031}, {Side::right, 63.6, false}}, true, "phrase-01", {}};
  phrase.outcome.winner = types::Winner::left;
  phrase.outcome.confidence = .75;
  phrase.outcome.review = true;
  made.phrases.push_back(phrase);
  made.sheet.judged(1, types::Winner::left);
  made.left_out.push_back({12, "somebody tested a weapon"});
  return made;
}

TEST(BoutReport, IsJsonForPrograms) {
  const auto read = boost::json::parse(pipeline::bout_json(report())).as_object();
  const auto& phrase = read.at("phrases").at(0).as_object();
  EXPECT_EQ(phrase.at("number"), 1);
  EXPECT_EQ(phrase.at("start"), 61.2346);
  EXPECT_EQ(phrase.at("end").to_number<double>(), 65);
  EXPECT_EQ(phrase.at("touches").at(0).at("side"), "left");
  EXPECT_EQ(phrase.at("touches").at(0).at("error_ms").to_number<double>(), 31);
  EXPECT_EQ(phrase.at("touches").at(1).at("valid"), false);
  EXPECT_EQ(phrase.at("order"), "unknown");
  EXPECT_EQ(phrase.at("winner"), "left");
  EXPECT_EQ(phrase.at("review"), true);
  EXPECT_EQ(phrase.at("folder"), "phrase-01");
  EXPECT_EQ(phrase.at("score").at("left"), 1);
  EXPECT_EQ(read.at("left_name"), "Ada");
  EXPECT_TRUE(read.at("right_name").is_null());
  EXPECT_EQ(read.at("left_out").at(0).at("why"), "somebody tested a weapon");
}

// Its times are those of the frames' timestamps: seconds since 1970.
TEST(BoutReport, TheScoreOfALiveBoutIsTheBoxs) {
  constexpr double now = 1.8e9;
  pipeline::BoutReport made;
  made.sheet.take({types::box::Score{{0, 0}}, {now, .05}});
  made.sheet.take({types::box::Score{{1, 0}}, {now + 14, .05}});
  made.phrases.push_back({1, now + 6, now + 11, {{Side::left, now + 10, true}}, false, "phrase-01", {}});
  const auto read = boost::json::parse(pipeline::bout_json(made)).as_object();
  EXPECT_EQ(read.at("phrases").at(0).at("score").at("left"), 1);
  EXPECT_EQ(read.at("score").at("left"), 1);
}

TEST(BoutReport, IsATableForPeople) {
  const std::string row = pipeline::table_row(report().phrases[0]);
  EXPECT_EQ(row, "  1   1:01.2   1:05.0  left | right off  left     0.75  review  phrase-01");
  EXPECT_EQ(pipeline::minutes(59.96), "1:00.0");
  EXPECT_EQ(pipeline::minutes(3725.04), "62:05.0");
}

}  // namespace
}  // namespace piste::app
