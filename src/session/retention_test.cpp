#include "session/retention.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "session/phrase_folder.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

class RetentionTest : public testing::Test {
 protected:
  fs::path result(char name, hours age, std::size_t bytes = 1000) {
    const fs::path phrase = folder_ / ("20250101T000000Z-000000000000000" + std::string(1, name));
    fs::create_directory(phrase);
    std::ofstream(phrase / "phrase.mkv") << std::string(bytes, 'x');
    std::ofstream(phrase / "analysis_result.json") << "{}";
    fs::last_write_time(phrase / "analysis_result.json", now_ - age);
    return phrase;
  }
  std::size_t remove(Retention retention) {
    return remove_old({recording::system_disk(), folder_.path()}, retention, now_);
  }

  const fs::file_time_type now_ = fs::file_time_type::clock::now();
  const test::TempDir folder_;
};

TEST_F(RetentionTest, IsOffByDefault) {
  const auto old = result('a', hours(24 * 3650));
  EXPECT_EQ(remove({}), 0u);
  EXPECT_TRUE(fs::exists(old));
}

TEST_F(RetentionTest, ByAge) {
  const auto old = result('a', hours(49));
  const auto young = result('b', hours(47));
  EXPECT_EQ(remove({hours(48), 0}), 1u);
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
}

TEST_F(RetentionTest, BySizeTheOldestGo) {
  const auto oldest = result('a', hours(3));
  const auto middle = result('b', hours(2));
  const auto young = result('c', hours(1));
  EXPECT_EQ(remove({hours(0), 2500}), 1u);
  EXPECT_FALSE(fs::exists(oldest));
  EXPECT_TRUE(fs::exists(middle) && fs::exists(young));
}

TEST_F(RetentionTest, WhatIsNoResultStays) {
  const auto live = result('a', hours(100));
  std::ofstream(live / "session.json")
      << R"({"session_id":"s","owner":"","token_hash":"","stage":"ended","attempts":0,"fps":30,"width":64,)"
      << R"("height":64,"video_format":"bgr24","include_keypoints":false,"save_overlay":true})";
  const auto unfinished = result('b', hours(100));
  fs::copy_file(live / "session.json", unfinished / "session.json");
  fs::remove(unfinished / "analysis_result.json");
  const auto fresh = result('c', hours(0));
  fs::create_directory(folder_ / "mine");
  const auto held = result('d', hours(100));
  const auto holder = PhraseFolder::take({recording::system_disk(), folder_.path()}, held);
  EXPECT_EQ(remove({hours(1), 1}), 0u);
  EXPECT_TRUE(fs::exists(held));
  EXPECT_TRUE(fs::exists(live) && fs::exists(unfinished) && fs::exists(fresh) &&
              fs::exists(folder_ / "mine"));
}

// Damaged on the disk: nobody can ask for the phrase any more.
TEST_F(RetentionTest, WhatHasNoRecordThatCanBeReadCountsFromItsLastChange) {
  const auto damaged = [this](char name, hours age) {
    const auto phrase = result(name, hours(0));
    fs::remove(phrase / "analysis_result.json");
    std::ofstream(phrase / "session.json") << "{\"session_id\":";
    for (const auto& entry : fs::directory_iterator(phrase)) fs::last_write_time(entry.path(), now_ - age);
    return phrase;
  };
  const auto old = damaged('a', hours(49));
  const auto young = damaged('b', hours(47));
  const auto being_replaced = damaged('c', hours(49));
  std::ofstream(being_replaced / "frames.log") << "a frame";
  EXPECT_EQ(remove({}), 0u);
  EXPECT_EQ(remove({hours(48), 0}), 1u);
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young) && fs::exists(being_replaced));
}

}  // namespace
}  // namespace piste::session
