#include "base/pending_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

namespace piste::base {
namespace {

namespace fs = std::filesystem;

class PendingFileTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(directory_); }
  void TearDown() override { fs::remove_all(directory_); }
  static void fill(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  static std::string content(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  auto files() const { return std::distance(fs::directory_iterator(directory_), {}); }

  const fs::path directory_ =
      fs::temp_directory_path() / ("pending_file_test." + std::to_string(::getpid()) + "." +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(PendingFileTest, AppearsOnlyWhenCommitted) {
  const fs::path target = directory_ / "a.txt";
  PendingFile file(target);
  fill(file.path(), "whole");
  EXPECT_FALSE(fs::exists(target));
  EXPECT_FALSE(file.commit());
  EXPECT_EQ(content(target), "whole");
  EXPECT_EQ(files(), 1);
}

// As root, --out /dev/null would take it from the whole machine.
TEST_F(PendingFileTest, ADeviceOrAPipeIsWrittenIntoAndStaysWhatItIs) {
  const fs::path pipe = directory_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const bool committed : {true, false}) {
    PendingFile file(pipe);
    EXPECT_EQ(file.path(), pipe);
    if (committed) {
      EXPECT_FALSE(file.commit());
    }
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_EQ(files(), 1);
}

TEST_F(PendingFileTest, LeavesNothingWithoutCommitAndKeepsTheOldFile) {
  fill(directory_ / "a.txt", "old");
  {
    PendingFile file(directory_ / "a.txt");
    fill(file.path(), "half");
  }
  EXPECT_EQ(content(directory_ / "a.txt"), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(PendingFileTest, TwoForOneTargetDoNotShareAName) {
  EXPECT_NE(PendingFile(directory_ / "a").path(), PendingFile(directory_ / "a").path());
}

TEST_F(PendingFileTest, IsHeldUntilItEnds) {
  const fs::path target = directory_ / "a.txt";
  {
    PendingFile file(target);
    fill(file.path(), "half");
    EXPECT_FALSE(PendingFile::is_held(file.path()));
    file.hold();
    EXPECT_TRUE(PendingFile::is_held(file.path()));
    ASSERT_FALSE(file.commit());
    EXPECT_TRUE(PendingFile::is_held(target));
  }
  EXPECT_FALSE(PendingFile::is_held(target));
  EXPECT_FALSE(PendingFile::is_held(directory_ / "none"));
}

TEST_F(PendingFileTest, CommitWithoutAFileIsAnError) {
  PendingFile file(directory_ / "a.txt");
  EXPECT_TRUE(file.commit());
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace piste::base
