// The logs of recorded phrases; skipped where the recordings are not at hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "scoring/log.h"

namespace piste::scoring {
namespace {

using types::Side;

struct Recorded {
  std::string id;
  std::string log;
  std::string single_light;  // left, right; empty: both lamps
  std::string verdict;
};

std::string text_or_empty(const boost::json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string inflated(const std::filesystem::path& path) {
  std::string text;
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return text;
  std::vector<char> block(1 << 20);
  for (int size = 0; (size = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(size));
  }
  gzclose(file);
  return text;
}

std::vector<Recorded> recorded_phrases() {
  std::vector<Recorded> rows;
  const std::string text = inflated(PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto row = boost::json::parse(std::string_view(text).substr(begin, end - begin)).as_object();
    rows.push_back({text_or_empty(row.at("id")), text_or_empty(row.at("signal")),
                    text_or_empty(row.at("single_light")), text_or_empty(row.at("verdict"))});
    begin = end + 1;
  }
  return rows;
}

// A copy of the log in which every line that names a winner, or that came after the box's own, is passed to
// change.
template <class Change>
std::string with_verdicts(const std::string& log, Change change) {
  std::string out;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const std::string line = log.substr(begin, end - begin);
    const bool verdict = line.starts_with("[") || line.find("inner") != std::string::npos;
    out += verdict ? change(line) : line + "\n";
    begin = end + 1;
  }
  return out;
}

std::string other_winner(std::string line) {
  if (const auto left = line.find("Left"); left != std::string::npos)
    return line.replace(left, 4, "Right") + "\n";
  if (const auto right = line.find("Right"); right != std::string::npos)
    return line.replace(right, 5, "Left") + "\n";
  return line + "\n";
}

bool same(const types::Phrase& a, const types::Phrase& b) {
  const auto same_touch = [](const types::Touch& x, const types::Touch& y) {
    return x.scorer == y.scorer && x.time == y.time && x.valid == y.valid;
  };
  const bool lockouts =
      a.lockout.has_value() == b.lockout.has_value() &&
      (!a.lockout || (a.lockout->start == b.lockout->start && a.lockout->length == b.lockout->length));
  return std::equal(a.touches.begin(), a.touches.end(), b.touches.begin(), b.touches.end(), same_touch) &&
         lockouts && a.blade_contacts == b.blade_contacts && a.start == b.start && a.end == b.end;
}

class RecordedLogs : public testing::Test {
 protected:
  void SetUp() override {
    rows_ = recorded_phrases();
    if (rows_.empty()) GTEST_SKIP() << "the recorded phrases (shared/data/phrases) are not here";
  }
  std::vector<Recorded> rows_;
};

TEST_F(RecordedLogs, AgreeWithTheLampsThatCameOn) {
  EXPECT_EQ(rows_.size(), 257U);
  for (const auto& row : rows_) {
    const auto log = parse_log(row.log);
    ASSERT_TRUE(log.ok()) << row.id << log.error().message;
    const auto& phrase = log->phrase;
    EXPECT_EQ(phrase.touches.size(), row.single_light.empty() ? 2U : 1U) << row.id;
    if (!row.single_light.empty()) {
      EXPECT_EQ(to_string(phrase.touches.at(0).scorer), row.single_light) << row.id;
    }
    EXPECT_TRUE(phrase.lockout && phrase.start && phrase.end) << row.id;
    EXPECT_THAT(log->warnings, testing::IsEmpty()) << row.id;
    for (const auto& touch : phrase.touches) EXPECT_LE(touch.time, *phrase.end) << row.id;
    EXPECT_LE(phrase.touches.back().time - phrase.touches.front().time, 0.311) << row.id;
  }
}

TEST_F(RecordedLogs, NameTheHumanVerdict) {
  int human = 0;
  for (const auto& row : rows_) {
    const auto log = parse_log(row.log);
    ASSERT_TRUE(log.ok()) << row.id;
    if (!log->human_verdict) continue;  // two logs have only a winner of unknown origin
    ++human;
    const auto expected = row.verdict == "left"    ? types::HumanVerdict::left
                          : row.verdict == "right" ? types::HumanVerdict::right
                                                   : types::HumanVerdict::abstain;
    EXPECT_EQ(*log->human_verdict, expected) << row.id;
  }
  EXPECT_EQ(human, 255);
}

TEST_F(RecordedLogs, TellTheSamePhraseWhateverTheVerdictLinesSay) {
  for (const auto& row : rows_) {
    const auto as_is = parse_log(row.log);
    const auto without = parse_log(with_verdicts(row.log, [](const std::string&) { return std::string(); }));
    const auto changed = parse_log(with_verdicts(row.log, other_winner));
    ASSERT_TRUE(as_is.ok() && without.ok() && changed.ok()) << row.id;
    EXPECT_FALSE(without->human_verdict) << row.id;
    EXPECT_TRUE(same(as_is->phrase, without->phrase)) << row.id;
    EXPECT_TRUE(same(as_is->phrase, changed->phrase)) << row.id;
  }
}

// What a live box gives: neither trailer nor lamps line.
TEST_F(RecordedLogs, TellTheSamePhraseWithoutTheLampsLine) {
  for (const auto& row : rows_) {
    std::string live = row.log.substr(0, row.log.find("Scores ->"));
    const auto whole = parse_log(row.log);
    const auto log = parse_log(live);
    ASSERT_TRUE(whole.ok() && log.ok()) << row.id;
    ASSERT_EQ(log->phrase.touches.size(), whole->phrase.touches.size()) << row.id;
    for (std::size_t i = 0; i < log->phrase.touches.size(); ++i) {
      EXPECT_EQ(log->phrase.touches[i].scorer, whole->phrase.touches[i].scorer) << row.id;
      EXPECT_EQ(log->phrase.touches[i].time, whole->phrase.touches[i].time) << row.id;
    }
  }
}

}  // namespace
}  // namespace piste::scoring
