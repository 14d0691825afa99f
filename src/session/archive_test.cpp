#include "session/archive.h"

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

}  // namespace
}  // namespace piste::session
