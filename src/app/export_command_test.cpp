#include "app/export_command.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <cmath>

#include "app/command_test.h"
#include "base/json_text.h"
#include "rows/line_file.h"
#include "scoring/log.h"
#include "session/people.h"

namespace piste::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr double fps = 25;

json::array body(double place, double score) {
  json::array out;
  for (int joint = 0; joint < 17; ++joint) out.push_back(json::array{place + joint, 100 + joint, score});
  return out;
}

// A phrase's folder as the service leaves it: both lamps, the box's zero .4 s after the first frame.
class ExportTest : public CommandTest {
 protected:
  ExportTest() : CommandTest("export", add_export_command) {}

  std::filesystem::path phrase(const std::string& name, const std::string& pressed, int touches = 2) {
    const auto made = folder / "phrases" / name;
    std::filesystem::create_directories(made);
    json::array all{{{"time", 2.0}, {"side", "left"}, {"valid", true}}};
    if (touches > 1) all.push_back({{"time", 2.1}, {"side", "right"}, {"valid", true}});
    json::object decision{{"winner", "left"},
                          {"human_verdict", pressed.empty() ? json::value() : json::value(pressed)}};
    write(made / "analysis_result.json",
          {{"decision", std::move(decision)},
           {"phrase", {{"touches", std::move(all)}, {"blade_contacts", {{{"time", 1.5}}}}}}});
    json::array left, right, times;
    for (int i = 0; i < 75; ++i) {
      times.push_back(i / fps);
      left.push_back(body(10 + i, .9));
      right.push_back(i == 20 ? json::value() : json::value(body(400 - i, i == 21 ? .01 : .9)));
    }
    write(made / "keypoints.json",
          {{"fps", 30}, {"times", times}, {"log_offset", .4}, {"left", left}, {"right", right}});
    return made;
  }

  static void write(const std::filesystem::path& path, const json::object& object) {
    std::ofstream(path) << base::json_text(object);
  }
  static void say(const std::filesystem::path& phrase, std::initializer_list<const char*> winners) {
    session::People people;
    for (const char* winner : winners) people.verdicts.push_back({.winner = winner});
    std::ofstream(phrase / "people.json") << session::print(people);
  }

  int exported() {
    const int code = run("--output-dir " + path("phrases") + " --out " + path("rows.jsonl.gz"));
    lines.clear();
    auto file = rows::LineFile::open(path("rows.jsonl.gz"));
    for (auto line = file->next(); line && *line; line = file->next()) lines.push_back(**line);
    return code;
  }
  json::object row(std::size_t index) const { return json::parse(lines.at(index)).as_object(); }

  std::vector<std::string> lines;
};

TEST_F(ExportTest, AJudgedPhraseIsARowThatTheTrainerReads) {
  phrase("20261128T183000Z-0123456789abcdef", "right");
  EXPECT_EQ(exported(), 0) << said;
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(row(0).at("verdict"), "right");
  EXPECT_EQ(row(0).at("date"), "2026-11-28");
  EXPECT_EQ(row(0).at("id"), "20261128T183000Z-0123456789abcdef");
  const auto read = rows::parse_row(lines[0]);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_NEAR(read->tracks.fps, fps, 1e-6) << "as the pictures came, not as was announced";
  const auto& right = read->tracks.right.points;
  ASSERT_EQ(right.size(), 65u) << "from the box's zero on";
  EXPECT_FLOAT_EQ(right[0].keypoints[0].x, 390);
  EXPECT_FALSE(right[10].seen) << "a fencer who was not seen";
  EXPECT_FALSE(right[11].seen) << "joints that the referee does not believe";
  const auto log = scoring::parse_log(read->signal);
  ASSERT_TRUE(log);
  ASSERT_EQ(log->phrase.touches.size(), 2u);
  EXPECT_EQ(log->phrase.touches[0].scorer, types::Side::left);
  EXPECT_NEAR(log->phrase.touches[1].time, 2.1, .001);
  EXPECT_EQ(log->phrase.blade_contacts.size(), 1u);
  EXPECT_FALSE(log->human_verdict) << "what decides must not see it";
}

TEST_F(ExportTest, WhatPeopleSaidLaterCounts) {
  say(phrase("20261128T183000Z-a", "right"), {"right", "left"});
  say(phrase("20261128T183001Z-b", "right"), {"left", ""});
  say(phrase("20261128T183002Z-c", ""), {"unclear"});
  say(phrase("20261128T183003Z-d", ""), {"none"});
  EXPECT_EQ(exported(), 0) << said;
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(row(0).at("verdict"), "left");
  EXPECT_EQ(row(1).at("verdict"), "right") << "taken back: what was pressed at the box";
  EXPECT_EQ(row(2).at("verdict"), "abstain");
  EXPECT_EQ(row(3).at("verdict"), "none");
}

TEST_F(ExportTest, ABoutsPhrasesHaveItsDate) {
  phrase("20261127T200000Z-bout/phrase-1", "left");
  EXPECT_EQ(exported(), 0) << said;
  EXPECT_EQ(row(0).at("date"), "2026-11-27");
}

TEST_F(ExportTest, TracksAreThoseThatTheRefereeSaw) {
  const auto made = phrase("20261128T183000Z-a", "left");
  json::object keypoints = json::parse(content(made / "keypoints.json")).as_object();
  json::array still(75, json::value(body(7, .9)));
  keypoints["on_piste"] = json::object{{"left", still}, {"right", still}};
  write(made / "keypoints.json", keypoints);
  EXPECT_EQ(exported(), 0) << said;
  EXPECT_EQ(row(0).at("left").at(3).at(0).at(0), 7);
}

TEST_F(ExportTest, WhatTeachesNothingIsLeftOut) {
  phrase("20261128T183000Z-a", "");
  phrase("20261128T183001Z-b", "left", 1);
  EXPECT_EQ(exported(), 1);
  EXPECT_THAT(said, HasSubstr("0 judged phrases written; left out: 1 that nobody has judged, 1 of one lamp"));
  EXPECT_TRUE(lines.empty());
}

TEST_F(ExportTest, WhatCannotBeReadIsSaidAndTheOthersAreWritten) {
  phrase("20261128T183000Z-good", "left");
  const auto bad = phrase("20261128T183001Z-bad", "left");
  for (const char* text : {"", "[]", "{}", R"({"left":[],"right":[],"times":[0,1],"log_offset":0})"}) {
    std::ofstream(bad / "keypoints.json") << text;
    EXPECT_EQ(exported(), 1) << text;
    EXPECT_THAT(said, HasSubstr("20261128T183001Z-bad cannot be read"));
    EXPECT_EQ(lines.size(), 1u);
  }
}

TEST_F(ExportTest, AFolderThatIsNotThereIsTwo) {
  EXPECT_EQ(run("--output-dir " + path("none") + " --out " + path("x.gz")), 2);
  phrase("20261128T183000Z-a", "left");
  EXPECT_EQ(run("--output-dir " + path("phrases") + " --out " + path("none/x.gz")), 2);
}

}  // namespace
}  // namespace piste::app
