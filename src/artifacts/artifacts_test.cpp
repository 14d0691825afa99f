#include "artifacts/artifacts.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "artifacts/test_analysis.h"

namespace piste::artifacts {
namespace {

using namespace test;
namespace json = boost::json;

const Files all_files{"phrase.mkv", "phrase.txt", "overlay.mp4", "keypoints.xlsx", "analysis_result.json"};

json::object result_of(const types::Analysis& analysis, const Files& files = all_files,
                       const ResultOptions& options = {}) {
  return json::parse(result_json(analysis, files, options)).as_object();
}

double number(const json::value& value) {
  return value.to_number<double>();
}

TEST(ResultJson, HasEveryFieldOfTheGuide) {
  auto analysis = example();
  analysis.wall_time = 45.2004;
  analysis.processing_time = .1239;
  analysis.streaming.frames_received = 1800;
  analysis.streaming.duplicate_frames = 2;
  analysis.timings = {{"pose", 1.23456}, {"decision", .001}};
  const auto result = result_of(analysis, all_files, {false, "/srv/artifacts/a"});
  EXPECT_EQ(result.at("status"), "success");
  EXPECT_EQ(result.at("session_id"), "phrase_1");
  EXPECT_EQ(result.at("winner"), "left");
  EXPECT_EQ(result.at("reason"), json::string(analysis.verdict.reason.text));
  EXPECT_EQ(result.at("weapon"), "sabre");
  EXPECT_EQ(result.at("frames_analyzed"), 60);
  EXPECT_EQ(result.at("artifact_dir"), "/srv/artifacts/a");
  EXPECT_EQ(number(result.at("wall_time_seconds")), 45.2);
  EXPECT_EQ(number(result.at("processing_time_seconds")), .124);
  EXPECT_EQ(result.at("streaming_stats").at("frames_received"), 1800);
  EXPECT_EQ(result.at("streaming_stats").at("duplicate_frames"), 2);
  EXPECT_EQ(number(result.at("timings").at("pose")), 1.2346);
  EXPECT_EQ(result.at("time_source"), "timestamps");
  EXPECT_EQ(result.at("warnings").at(0), "2 frames were lost");
  EXPECT_FALSE(result.contains("keypoints"));
}

TEST(ResultJson, DecisionAloneIsTheDecisionInTheResult) {
  const auto analysis = example();
  const auto decision = json::parse(decision_json(analysis)).as_object();
  EXPECT_EQ(decision, result_of(analysis).at("decision").as_object());
  EXPECT_EQ(decision.at("winner"), "left");
  EXPECT_EQ(number(decision.at("confidence")), .81);
  EXPECT_EQ(decision.at("review"), false);
  EXPECT_EQ(decision.at("human_verdict"), "right");
  const auto& finding = decision.at("trace").at(0).as_object();
  EXPECT_EQ(finding.at("kind"), "last_pause");
  EXPECT_EQ(finding.at("favours"), "left");
  EXPECT_EQ(finding.at("frame"), 18);
  EXPECT_EQ(finding.at("rule"), "FIE t.101");
}

TEST(ResultJson, HasTheURLsOfItsFilesWhereTheyCanBeAskedFor) {
  auto analysis = example();
  analysis.id = "piste 7/é";
  Files files;
  files.signal = "phrase.txt";
  files.overlay = "overlay.mp4";
  const auto result =
      json::parse(result_json(analysis, files, {.directory = "/srv/a/F1", .over_http = true}));
  const auto& urls = result.at("artifact_urls");
  EXPECT_EQ(urls.at("overlay"), "/sessions/piste%207%2F%C3%A9/artifacts/overlay.mp4?v=F1");
  EXPECT_EQ(urls.at("signal"), "/sessions/piste%207%2F%C3%A9/artifacts/phrase.txt?v=F1");
  EXPECT_TRUE(urls.at("video").is_null());
  EXPECT_FALSE(json::parse(result_json(analysis, files, {.directory = "/srv/a/F1"}))
                   .as_object()
                   .contains("artifact_urls"));
}

TEST(ResultJson, AFindingOfTheNetworksTellsWhatTheySaw) {
  auto analysis = example();
  types::Finding& course = analysis.verdict.trace.at(0);
  const auto plain = json::parse(decision_json(analysis)).at("trace").at(0);
  EXPECT_FALSE(plain.as_object().contains("saw"));
  course.saw = types::Attribution{types::Side::right, {"rear_elbow", "front_wrist"}, 1.2, 1.6, -.54321};
  const auto saw = json::parse(decision_json(analysis)).at("trace").at(0).at("saw");
  EXPECT_EQ(saw.at("fencer"), "right");
  EXPECT_EQ(saw.at("joints"), json::array({"rear_elbow", "front_wrist"}));
  EXPECT_EQ(number(saw.at("from")), 1.2);
  EXPECT_EQ(number(saw.at("to")), 1.6);
  EXPECT_EQ(number(saw.at("log_odds")), -.5432);
}

TEST(ResultJson, HumanVerdictIsNullUnlessSomebodyPressed) {
  auto analysis = example();
  analysis.human_verdict.reset();
  EXPECT_TRUE(result_of(analysis).at("decision").at("human_verdict").is_null());
  analysis.human_verdict = types::HumanVerdict::abstain;
  EXPECT_EQ(result_of(analysis).at("decision").at("human_verdict"), "abstain");
}

TEST(ResultJson, HasThePredecessorsNamesBesideOurs) {
  auto analysis = example();
  const auto result = result_of(analysis);
  EXPECT_EQ(result.at("natural_language_reason"), result.at("reason"));
  EXPECT_EQ(result.at("decision").at("natural_language_reason"), result.at("reason"));
  EXPECT_EQ(result.at("decision").at("reason_code"), "attack");
  EXPECT_EQ(result.at("decision").at("reason_params").at("side"), "left");
  EXPECT_EQ(result.at("declared_winner"), "right") << "by the person at the box";
  EXPECT_EQ(result.at("phrase").at("declared_winner"), "right");
  analysis.human_verdict.reset();
  EXPECT_EQ(result_of(analysis).at("declared_winner"), "unknown");
}

TEST(ResultJson, EventsCarryTheNearestFrameAndItsDistance) {
  auto analysis = example();
  analysis.log_offset = .1;
  analysis.phrase.touches = {{types::Side::right, .907, false}};
  analysis.phrase.blade_contacts = {.5};
  const auto result = result_of(analysis);
  const auto& touch = result.at("phrase").at("touches").at(0).as_object();
  EXPECT_EQ(touch.at("side"), "right");
  EXPECT_EQ(touch.at("valid"), false);
  EXPECT_EQ(number(touch.at("time")), .907);
  EXPECT_EQ(touch.at("frame"), 30);                // 1.007 s on the frames' clock
  EXPECT_EQ(number(touch.at("distance_ms")), -7);  // that frame is 7 ms before it
  const auto& contact = result.at("phrase").at("blade_contacts").at(0).as_object();
  EXPECT_EQ(contact.at("frame"), 18);
  EXPECT_EQ(number(contact.at("distance_ms")), 0);
  EXPECT_EQ(number(result.at("phrase").at("lockout").at("length")), .17);
  EXPECT_TRUE(result.at("phrase").at("end").is_null());
}

TEST(ResultJson, AcrossAGapTheDistanceSaysSo) {
  auto analysis = example();
  for (const auto side : types::both_sides) {
    auto& points = analysis.tracks[side].points;
    points.erase(points.begin() + 10, points.begin() + 50);  // 0.333 s .. 1.667 s
  }
  analysis.phrase.touches = {{types::Side::left, .6, true}, {types::Side::right, 99, true}};
  const auto result = result_of(analysis);
  const auto& touches = result.at("phrase").at("touches").as_array();
  EXPECT_EQ(touches[0].at("frame"), 9);
  EXPECT_EQ(number(touches[0].at("distance_ms")), -300);
  EXPECT_EQ(touches[1].at("frame"), 59);
}

TEST(ResultJson, PausesAreTheActionsOfThatKind) {
  const auto result = result_of(example());
  ASSERT_EQ(result.at("left_pauses").as_array().size(), 0u);
  ASSERT_EQ(result.at("right_pauses").as_array().size(), 1u);
  const auto& pause = result.at("right_pauses").at(0).as_object();
  EXPECT_EQ(number(pause.at("start")), .6);
  EXPECT_EQ(number(pause.at("end")), .85);
  EXPECT_EQ(number(pause.at("start_time")), .6) << "the predecessor's names";
  EXPECT_EQ(number(pause.at("end_time")), .85);
  EXPECT_EQ(number(pause.at("duration")), .25);
  EXPECT_EQ(pause.at("start_frame"), 18);
  EXPECT_EQ(pause.at("end_frame"), 25);
  EXPECT_EQ(result.at("actions").as_array().size(), 3u);
  EXPECT_EQ(result.at("actions").at(0).at("side"), "left");
}

TEST(ResultJson, SaysHowWellEachFencerWasSeen) {
  auto analysis = example();
  EXPECT_TRUE(result_of(analysis).at("quality").is_null()) << "nothing was measured";
  types::Quality& quality = analysis.verdict.quality;
  quality.known = true;
  quality.believed = .625;
  quality.fencers.left.height = 203.4;
  quality.fencers.right.believed = .625;
  quality.fencers.right.last_second = {.8, .41, .07, 3.456, .25};
  quality.fencers.right.lapses = {{types::Lapse::Kind::leap, .5, .6, 15, 18, "The right fencer leaps"}};
  const auto told = result_of(analysis).at("quality").as_object();
  EXPECT_EQ(number(told.at("believed")), .625);
  EXPECT_EQ(number(told.at("left").at("height")), 203);
  EXPECT_TRUE(told.at("left").at("lapses").as_array().empty());
  const auto& last = told.at("right").at("last_second").as_object();
  EXPECT_EQ(number(last.at("part")), .8);
  EXPECT_EQ(number(last.at("score")), .41);
  EXPECT_EQ(number(last.at("torso_variation")), .07);
  EXPECT_EQ(number(last.at("fastest_step")), 3.46);
  EXPECT_EQ(number(last.at("doubt")), .25);
  const auto& lapse = told.at("right").at("lapses").at(0).as_object();
  EXPECT_EQ(lapse.at("kind"), "leap");
  EXPECT_EQ(lapse.at("start_frame"), 15);
  EXPECT_EQ(lapse.at("text"), "The right fencer leaps");
}

TEST(ResultJson, SaysWhoBegan) {
  auto analysis = example();
  EXPECT_TRUE(result_of(analysis).at("decision").at("began").is_null());
  analysis.verdict.began = types::Began{types::Side::right, .9, 27, .25};
  const auto began = result_of(analysis).at("decision").at("began").as_object();
  EXPECT_EQ(began.at("side"), "right");
  EXPECT_EQ(number(began.at("time")), .9);
  EXPECT_EQ(began.at("frame"), 27);
  EXPECT_EQ(number(began.at("by")), .25);
  analysis.verdict.began->by.reset();
  EXPECT_TRUE(result_of(analysis).at("decision").at("began").at("by").is_null());
}

TEST(ResultJson, FilesThatAreNotThereAreNull) {
  const auto result = result_of(example(), {"phrase.mkv", "phrase.txt", "", "", "analysis_result.json"});
  EXPECT_EQ(result.at("artifacts").at("video"), "phrase.mkv");
  EXPECT_TRUE(result.at("artifacts").at("overlay").is_null());
  EXPECT_TRUE(result.at("artifacts").at("keypoints").is_null());
}

TEST(ResultJson, KeypointsAreFramesOfJointsInPixels) {
  auto analysis = example();
  analysis.tracks.left.points[3].seen = false;
  analysis.tracks.right.points[4].keypoints[9].score = 0;
  const auto result = result_of(analysis, all_files, {true, ""});
  const auto& keypoints = result.at("keypoints").as_object();
  EXPECT_EQ(number(keypoints.at("fps")), 30);
  EXPECT_EQ(keypoints.at("width"), analysis.width);
  EXPECT_EQ(keypoints.at("height"), analysis.height);
  ASSERT_EQ(keypoints.at("left").as_array().size(), 60u);
  EXPECT_TRUE(keypoints.at("left").at(3).is_null());
  ASSERT_EQ(keypoints.at("right").at(4).as_array().size(), 17u);
  EXPECT_TRUE(keypoints.at("right").at(4).at(9).is_null());
  const auto& point = keypoints.at("left").at(0).at(0).as_array();
  EXPECT_NEAR(number(point[0]), analysis.tracks.left.points[0].keypoints[0].x, .005);
  EXPECT_NEAR(number(point[2]), .9, .001);
}

TEST(ResultJson, NothingIsEverNanOrInvalidText) {
  auto analysis = example();
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  analysis.verdict.confidence = nan;
  analysis.wall_time = infinity;
  analysis.verdict.trace[0].value = -infinity;
  analysis.tracks.left.points[0].keypoints[0].x = std::numeric_limits<float>::quiet_NaN();
  analysis.warnings = {std::string("line \xFF\x01 5")};
  const auto text = result_json(analysis, all_files, {true, ""});
  const auto result = json::parse(text).as_object();
  EXPECT_TRUE(result.at("decision").at("confidence").is_null());
  EXPECT_TRUE(result.at("wall_time_seconds").is_null());
  EXPECT_TRUE(result.at("keypoints").at("left").at(0).at(0).is_null());
  EXPECT_EQ(result.at("warnings").at(0), "line \\xFF\\x01 5");
}

TEST(ResultJson, NumbersAreWrittenAsPeopleWriteThem) {
  const auto text = decision_json(example());
  EXPECT_NE(text.find("\"confidence\":0.81,"), std::string::npos) << text;
}

TEST(ResultJson, AnEmptyPhraseIsAResultToo) {
  types::Analysis analysis;
  analysis.phrase.touches = {{types::Side::left, 1, true}};
  const auto result = result_of(analysis, {}, {true, ""});
  EXPECT_EQ(result.at("winner"), "none");
  EXPECT_EQ(result.at("frames_analyzed"), 0);
  EXPECT_TRUE(result.at("phrase").at("touches").at(0).at("frame").is_null());
  EXPECT_TRUE(result.at("phrase").at("lockout").is_null());
  EXPECT_TRUE(result.at("keypoints").at("left").as_array().empty());
}

TEST(WriteFile, WholeOrNotAtAll) {
  TempDir directory;
  ASSERT_TRUE(write_file(directory / "a.json", "first").ok());
  ASSERT_TRUE(write_file(directory / "a.json", std::string("se\0cond", 7)).ok());
  std::ifstream in(directory / "a.json", std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), std::string("se\0cond", 7));
  EXPECT_EQ(directory.count(), 1);
}

TEST(WriteFile, FailureIsAnErrorThatLeavesNothing) {
  TempDir directory;
  const auto missing = write_file(directory / "no/such/a.json", "x");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::io);
  std::filesystem::create_directory(directory / "taken");
  write_file(directory / "taken" / "x", "x").ok();
  EXPECT_FALSE(write_file(directory / "taken", "x").ok());  // a directory of that name
  EXPECT_EQ(directory.count(), 1);
  const FileSizeLimit limit(1000);
  EXPECT_FALSE(write_file(directory / "big", std::string(100000, 'x')).ok());
  EXPECT_EQ(directory.count(), 1);
}

TEST(KeypointsJson, HasATimeForEachFrame) {
  auto analysis = example();
  analysis.tracks.left.points[3].seen = analysis.tracks.right.points[3].seen = false;
  analysis.log_offset = .25;
  const auto object = json::parse(keypoints_json(analysis)).as_object();
  const auto& times = object.at("times").as_array();
  ASSERT_EQ(times.size(), analysis.tracks.left.points.size());
  EXPECT_NEAR(number(times[59]), 59 / 30., 1e-4);
  for (const auto* list : {"frames", "left", "right"})
    EXPECT_EQ(object.at(list).as_array().size(), times.size()) << list;
  EXPECT_TRUE(object.at("left").as_array()[3].is_null());
  EXPECT_EQ(object.at("left").as_array()[4].as_array().size(), types::joint::count);
  EXPECT_EQ(number(object.at("log_offset")), .25);
  EXPECT_EQ(object.at("width"), 1280);
}

TEST(CurvesJson, WhatWasNotSeenIsNull) {
  types::Curves curves{{0, .5}, {4, std::nan("")}, {}};
  curves.fencers.left = {{1.23456, 0}, {.5, .6}};
  curves.fencers.right = {{-1, 2}, {std::nan(""), .1}};
  EXPECT_EQ(curves_json(curves),
            R"({"times":[0,0.5],"distance":[4,null],)"
            R"("left":{"speed":[1.235,0],"hand":[0.5,0.6]},"right":{"speed":[-1,2],"hand":[null,0.1]}})");
}

}  // namespace
}  // namespace piste::artifacts
