#include "session/phrase_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_dir.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;

class PhraseDirectoryTest : public testing::Test {
 protected:
  const test::TempDir folder_;
  const fs::path& parent_ = folder_.path();
};

TEST_F(PhraseDirectoryTest, IsNamedByTimeAndChance) {
  const auto first = PhraseDirectory::create(parent_);
  const auto second = PhraseDirectory::create(parent_);
  ASSERT_TRUE(first && second);
  EXPECT_THAT(first->name(), testing::MatchesRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}"));
  EXPECT_NE(first->name(), second->name());
  EXPECT_TRUE(fs::is_directory(first->path()));
  EXPECT_EQ(first->path().parent_path(), parent_);
}

TEST_F(PhraseDirectoryTest, GoesWithItsOwnerUnlessKept) {
  {
    auto dropped = PhraseDirectory::create(parent_);
    std::ofstream(dropped->path() / "frames.log") << "frames";
    PhraseDirectory moved = std::move(*dropped);
    EXPECT_TRUE(fs::exists(moved.path()));
  }
  EXPECT_TRUE(fs::is_empty(parent_));
  fs::path kept;
  {
    auto directory = PhraseDirectory::create(parent_);
    kept = directory->path();
    directory->keep();
    PhraseDirectory moved = std::move(*directory);
  }
  EXPECT_TRUE(fs::exists(kept));
}

TEST_F(PhraseDirectoryTest, WithoutAParentThereIsNone) {
  EXPECT_FALSE(PhraseDirectory::create(parent_ / "missing"));
}

}  // namespace
}  // namespace piste::session
