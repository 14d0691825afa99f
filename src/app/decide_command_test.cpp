#include "app/decide_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_test.h"
#include "base/json_text.h"

namespace piste::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr int kFrames = 60;
constexpr double kFps = 30;

// Forward at a constant speed; the left fencer from x = 0, the right one from x = 4.
json::array frames(double start, double speed, std::size_t joints) {
  json::array out;
  for (int i = 0; i < kFrames; ++i) {
    const double place = start + speed * i / kFps;
    json::array body;
    for (std::size_t joint = 17 - joints; joint < 17; ++joint) {
      const double height = 1.7 - 0.1 * static_cast<double>(joint);
      const double ahead = joint == 0 ? 0 : joint % 2 == 0 ? 0.3 : -0.3;
      body.push_back(json::array{place + ahead, -height});
    }
    out.push_back(body);
  }
  return out;
}

const std::string kLog =
    "Phrase 10 initialized at 2025-10-20 21:03:53\n"
    " 0.000s | Phrase recording started\n"
    " 1.500s | HIT: Right scores on Left!\n"
    " 1.540s | HIT: Simultaneous valid hits!\n"
    " 1.540s | HIT: Left scores on Right! (simultaneous)\n"
    " 2.000s | Phrase recording ended\n"
    "Scores -> Fencer 1: HIT, Fencer 2: HIT\n"
    "Phrase ended\n";

json::object club_row(const std::string& signal = kLog) {
  return {{"id", "club"},
          {"fps", kFps},
          {"signal", signal},
          {"left", frames(0, 1.8, 17)},
          {"right", frames(4, 0.2, 17)}};
}

json::object broadcast_row() {
  return {{"id", "broadcast"},
          {"fps", kFps},
          {"touch_est", 45},
          {"left", frames(0, 1.0, 10)},
          {"right", frames(0, 0.2, 10)}};
}

class DecideCommand : public CommandTest {
 protected:
  DecideCommand() : CommandTest("decide", add_decide_command) {}

  // The verdicts of these lines.
  std::string decide(const std::vector<std::string>& lines, const std::string& more = "") {
    std::ofstream rows(folder / "rows.jsonl", std::ios::binary);
    for (const std::string& line : lines) rows << line << '\n';
    rows.close();
    code = run(path("rows.jsonl") + " --out " + path("out.jsonl") + " " + more);
    return content(folder / "out.jsonl");
  }

  static std::vector<json::object> parsed(const std::string& text) {
    std::vector<json::object> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(json::parse(line).as_object());
    return out;
  }

  int code = -1;
};

TEST_F(DecideCommand, BothKindsOfRowsGetAVerdict) {
  const auto verdicts = parsed(decide({json::serialize(club_row()), json::serialize(broadcast_row())}));
  ASSERT_EQ(code, 0) << said;
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].at("id"), "club");
  EXPECT_EQ(verdicts[1].at("id"), "broadcast");
  for (const auto& verdict : verdicts) {
    EXPECT_EQ(verdict.at("winner"), "left");
    EXPECT_GT(verdict.at("confidence").to_number<double>(), 0.5);
    EXPECT_TRUE(verdict.at("review").is_bool());
    EXPECT_FALSE(verdict.at("reason").as_string().empty());
    EXPECT_FALSE(verdict.at("trace").as_array().empty());
  }
}

TEST_F(DecideCommand, TheTraceRedrawsTheDecision) {
  for (const auto& verdict :
       parsed(decide({json::serialize(club_row()), json::serialize(broadcast_row())}))) {
    double sum = 0;
    double simultaneous = 0;
    for (const auto& finding : verdict.at("trace").as_array()) {
      const double weight = finding.at("weight").to_number<double>();
      if (finding.at("favours") == "left") sum += weight;
      if (finding.at("favours") == "right") sum -= weight;
      if (finding.at("kind") == "simultaneous") simultaneous = finding.at("value").to_number<double>();
    }
    EXPECT_GT(sum, 0);
    const double expected = (1 - simultaneous) / (1 + std::exp(-sum));
    EXPECT_NEAR(verdict.at("confidence").to_number<double>(), expected, 0.001);
  }
}

TEST_F(DecideCommand, VerdictsOfPeopleAndMachinesChangeNothing) {
  const std::string without = decide({json::serialize(club_row()), json::serialize(broadcast_row())});
  for (const char* side : {"Left Fencer (Red Lamp)", "Right Fencer (Green Lamp)", "Abstain"}) {
    const std::string trailer = std::string("[2025-10-20 21:04:03] Manual selection winner: ") + side +
                                "\n[2025-10-20 21:04:04] Confirmed result winner: " + side +
                                "\n[2025-10-20 21:04:05] Remote referee: " + side + "\nWinner: Left\n";
    json::object club = club_row(kLog + trailer);
    json::object broadcast = broadcast_row();
    for (json::object* row : {&club, &broadcast}) {
      (*row)["verdict"] = "right";
      (*row)["winner"] = "right";
      (*row)["original_winner"] = "right";
      (*row)["original_reason"] = side;
      (*row)["single_light"] = "right";
    }
    EXPECT_EQ(decide({json::serialize(club), json::serialize(broadcast)}), without);
  }
}

TEST_F(DecideCommand, MalformedRowsAreNamedByTheirLine_TheOthersGoOn) {
  const std::string good = json::serialize(club_row());
  const auto broken = [](const char* field, json::value value) {
    json::object row = club_row();
    row[field] = std::move(value);
    return json::serialize(row);
  };
  const auto lacking = [](const char* field, json::object row) {
    row.erase(field);
    return json::serialize(row);
  };
  json::array ragged = frames(0, 1, 17);
  ragged[3].as_array().pop_back();
  json::array text_joint = frames(0, 1, 17);
  text_joint[3].as_array()[2] = "x";
  json::array far = frames(0, 1, 17);
  far[3].as_array()[2] = json::array{1e30, 0};
  const std::vector<std::string> bad{
      "",
      "{",
      "[]",
      "null",
      std::string("\xff\xfe"),
      good.substr(0, good.size() / 2),
      std::string(10000, '['),
      broken("id", 7),
      broken("fps", 0),
      broken("fps", "30"),
      broken("fps", -30),
      broken("fps", 1e9),
      broken("signal", 3),
      broken("signal", ""),
      broken("signal", "nothing that a box writes"),
      broken("left", "x"),
      broken("left", ragged),
      broken("left", text_joint),
      broken("left", far),
      broken("left", json::array{}),
      broken("left", nullptr),
      broken("right", frames(4, 0, 10)),
      lacking("id", club_row()),
      lacking("fps", club_row()),
      lacking("signal", club_row()),
      lacking("left", club_row()),
      lacking("touch_est", broadcast_row()),
  };
  std::vector<std::string> lines;
  for (const std::string& line : bad) {
    lines.push_back(good);
    lines.push_back(line);
  }
  const std::string expected = decide({good});
  EXPECT_EQ(code, 0);
  const auto out = parsed(decide(lines));
  EXPECT_EQ(code, 1);
  ASSERT_EQ(out.size(), lines.size());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(base::json_text(out[2 * i]) + "\n", expected);
    const json::object& row = out[2 * i + 1];
    ASSERT_TRUE(row.contains("error")) << bad[i].substr(0, 60);
    EXPECT_EQ(row.at("line").to_number<std::size_t>(), 2 * i + 2);
    EXPECT_FALSE(row.at("error").as_string().empty());
  }
  EXPECT_THAT(said, HasSubstr("27 malformed"));
}

TEST_F(DecideCommand, RowsWithoutKeypointsAreForTheLamps) {
  json::object row = club_row();
  row["left"] = nullptr;
  row["right"] = nullptr;
  const auto verdict = parsed(decide({json::serialize(row)})).at(0);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(verdict.at("winner"), "none");
  EXPECT_TRUE(verdict.at("review").as_bool());
}

TEST_F(DecideCommand, AnyNumberOfThreadsWritesTheSame) {
  std::vector<std::string> lines;
  for (int i = 0; i < 600; ++i) {
    json::object row = i % 2 ? club_row() : broadcast_row();
    row["id"] = "row" + std::to_string(i);
    lines.push_back(i % 7 ? json::serialize(row) : "{");
  }
  const std::string one = decide(lines, "--threads 1");
  EXPECT_EQ(decide(lines, "--threads 2"), one);
  EXPECT_EQ(decide(lines, "--threads 7"), one);
}

TEST_F(DecideCommand, GzipIsReadLikeText) {
  const std::string plain = decide({json::serialize(club_row())});
  const std::string text = json::serialize(club_row()) + "\n";
  gzFile file = gzopen(path("rows.jsonl.gz").c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  EXPECT_EQ(run(path("rows.jsonl.gz") + " --out " + path("zipped.jsonl")), 0);
  EXPECT_EQ(content(folder / "zipped.jsonl"), plain);
}

TEST_F(DecideCommand, AGzipThatBreaksOffLeavesNoOutput) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += json::serialize(club_row()) + "\n";
  gzFile file = gzopen(path("rows.jsonl.gz").c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  std::filesystem::resize_file(folder / "rows.jsonl.gz",
                               std::filesystem::file_size(folder / "rows.jsonl.gz") / 2);
  EXPECT_EQ(run(path("rows.jsonl.gz") + " --out " + path("cut.jsonl")), 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "cut.jsonl"));
  EXPECT_THAT(said, HasSubstr("breaks off"));
}

TEST_F(DecideCommand, WhatIsNotThereIsSaid) {
  EXPECT_EQ(run(path("none.jsonl") + " --out " + path("out.jsonl")), 2);
  EXPECT_THAT(said, HasSubstr("cannot be opened"));
}

TEST_F(DecideCommand, TheWeaponDecides) {
  const auto winner = [&](const std::string& weapon) {
    return std::string(
        parsed(decide({json::serialize(club_row())}, "--weapon " + weapon)).at(0).at("winner").as_string());
  };
  EXPECT_EQ(winner("sabre"), "left");
  EXPECT_EQ(winner("foil"), "left");
  EXPECT_EQ(winner("epee"), "both");
  EXPECT_GT(run(path("rows.jsonl") + " --out " + path("out.jsonl") + " --weapon axe"), 100);
}

TEST_F(DecideCommand, TheWeaponMayComeFromTheEnvironment) {
  setenv("REFEREE_WEAPON", "epee", 1);
  const auto verdict = parsed(decide({json::serialize(club_row())})).at(0);
  unsetenv("REFEREE_WEAPON");
  EXPECT_EQ(verdict.at("winner"), "both");
}

TEST_F(DecideCommand, TheReviewSettingIsUsed) {
  const auto review = [&](const char* below) {
    return parsed(decide({json::serialize(club_row())}, std::string("--review-below ") + below))
        .at(0)
        .at("review")
        .as_bool();
  };
  EXPECT_FALSE(review("0.1"));
  EXPECT_TRUE(review("1"));
}

}  // namespace
}  // namespace piste::app
