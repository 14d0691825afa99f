#include "session/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_dir.h"

namespace piste::session {
namespace {

using std::chrono::seconds;

SessionKey key(int number) {
  return {"owner", "s" + std::to_string(number)};
}

TEST(Archive, KnowsTheNewestPhrasesOnly) {
  Archive archive(3);
  for (int i = 0; i < 100; ++i) {
    archive.add(key(i), {"hash", true, "result " + std::to_string(i), {}});
    EXPECT_LE(archive.size(), 3u);
  }
  EXPECT_FALSE(archive.find(key(96)));
  ASSERT_TRUE(archive.find(key(97)));
  EXPECT_EQ(archive.find(key(97))->text, "result 97");
}

TEST(Archive, OneThatIsAddedAgainIsNew) {
  Archive archive(2);
  archive.add(key(0), {"", true, "a", {}});
  archive.add(key(1), {"", true, "b", {}});
  archive.add(key(0), {"", true, "c", {}});
  archive.add(key(2), {"", true, "d", {}});
  EXPECT_FALSE(archive.find(key(1)));
  EXPECT_EQ(archive.find(key(0))->text, "c");
}

TEST(Archive, WhatIsOnDiskStaysAsLongAsItIs) {
  const test::TempDir folder;
  std::ofstream(folder / "analysis_result.json") << "the result";
  Archive archive;
  archive.add(key(0), {"", true, "the result", folder.path()});
  archive.add(key(1), {"", false, "why not", {}});
  const TimePoint start;
  archive.sweep(start, seconds(10));
  archive.sweep(start + seconds(10), seconds(10));
  EXPECT_FALSE(archive.find(key(1)));
  ASSERT_TRUE(archive.find(key(0)));
  EXPECT_EQ(archive.find(key(0))->text, "the result");
  std::filesystem::remove(folder / "analysis_result.json");
  archive.sweep(start + seconds(20), seconds(10));
  EXPECT_EQ(archive.size(), 0u) << "its memory is let go with its files";
}

// ---------------------------------------------------------------- what it tells, and for how long

using testing::HasSubstr;
using namespace std::chrono_literals;

class ArchiveTest : public testing::Test {
 protected:
  // A phrase's folder with a result in it.
  std::filesystem::path folder_with(const std::string& result) {
    const auto path = folder_ / std::to_string(++folders_);
    std::filesystem::create_directory(path);
    std::ofstream(path / "analysis_result.json") << result;
    return path;
  }

  Archive archive;
  const TimePoint now{1000h};

 private:
  const test::TempDir folder_;
  int folders_ = 0;
};

TEST_F(ArchiveTest, TellsWhatCameOfAPhrase) {
  archive.add({"", "a"}, {"hash", true, "{}", {}});
  archive.add({"", "b"}, {"hash", false, "broken", {}});
  EXPECT_TRUE(archive.find({"", "a"})->succeeded);
  EXPECT_EQ(archive.find({"", "b"})->text, "broken");
  EXPECT_FALSE(archive.find({"", "c"}));
  EXPECT_FALSE(archive.find({"salle-a", "a"})) << "another owner's";
  EXPECT_THAT(last_message("a", *archive.find({"", "a"})), HasSubstr("process_complete"));
  EXPECT_THAT(last_message("b", *archive.find({"", "b"})), HasSubstr("broken"));
}

TEST_F(ArchiveTest, TheNewestOfAnIdCounts) {
  archive.add({"", "a"}, {"old", true, "old", {}});
  archive.add({"", "a"}, {"new", true, "new", {}});
  EXPECT_EQ(archive.find({"", "a"})->text, "new");
}

TEST_F(ArchiveTest, AResultOutlivesItsTextAndAFailureDoesNot) {
  archive.add({"", "result"}, {"hash", true, "held", folder_with("on disk")});
  archive.add({"", "failure"}, {"hash", false, "broken", {}});
  archive.sweep(now, 60s);
  archive.sweep(now + 59s, 60s);
  EXPECT_EQ(archive.find({"", "result"})->text, "held");
  archive.sweep(now + 60s, 60s);
  EXPECT_EQ(archive.find({"", "result"})->text, "on disk");
  EXPECT_FALSE(archive.find({"", "failure"}));
}

TEST_F(ArchiveTest, AResultWhoseFilesAreGoneIsGone) {
  archive.add({"", "a"}, {"hash", true, "", "/no/such/folder"});
  EXPECT_FALSE(archive.find({"", "a"}));
}

// Results with keypoints are megabytes, and a server lives for months.
TEST_F(ArchiveTest, TextsAreHeldUpToABound) {
  const std::string large(10 << 20, 'x');
  for (int i = 0; i < 8; ++i) {
    archive.add({"", std::to_string(i)}, {"hash", true, large, folder_with("read back")});
  }
  EXPECT_EQ(archive.find({"", "0"})->text, "read back") << "the oldest go first";
  EXPECT_EQ(archive.find({"", "7"})->text.size(), large.size());
}

}  // namespace
}  // namespace piste::session
