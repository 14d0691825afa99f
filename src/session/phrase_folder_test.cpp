// What phrase_life_test.cpp does not come by: what is found half done, what fails, a bout's phrases, and the
// lock.
#include "session/phrase_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/pending_file.h"
#include "support/forwarding_disk.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;

class FailingDisk : public test::ForwardingDisk {
 public:
  int rename(const fs::path& from, const fs::path& to) override {
    return renames ? ForwardingDisk::rename(from, to) : (errno = EIO, -1);
  }
  bool renames = true;
};

class PhraseFolderTest : public testing::Test {
 protected:
  PhraseFolder::Opened created(Fsync fsync = Fsync::interval) {
    SessionRecord record;
    record.start.session_id = "s";
    record.start.fps = 30;
    record.start.width = record.start.height = 64;
    auto opened = PhraseFolder::create(shelf(fsync), record);
    EXPECT_TRUE(opened.ok());
    return std::move(*opened);
  }
  Shelf shelf(Fsync fsync = Fsync::interval) { return {disk, folder_.path(), fsync}; }
  std::set<std::string> names(const fs::path& folder) const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.insert(entry.path().filename().string());
    return found;
  }

  FailingDisk disk;

 private:
  const test::TempDir folder_;
};

TEST_F(PhraseFolderTest, ATornReplacementCountsForNothing) {
  fs::path path;
  {
    const auto opened = created();
    path = opened.folder->path();
    ASSERT_TRUE(opened.folder->put_signal("Phrase 1").ok());
    ASSERT_TRUE(opened.folder->sync().ok());
    ASSERT_TRUE(opened.folder->put_signal("Phrase 1, a better log").ok());
  }
  EXPECT_EQ(PhraseFolder::take(shelf(), path)->signal(), "Phrase 1, a better log");
  const fs::path next = path / "phrase.txt.next";
  fs::resize_file(next, fs::file_size(next) - 3);
  EXPECT_EQ(PhraseFolder::take(shelf(), path)->signal(), "Phrase 1");
}

TEST_F(PhraseFolderTest, WhatWasHalfWrittenGoes) {
  const fs::path path = created().folder->path();
  std::ofstream(path / ".session.json.part") << "{";
  std::ofstream(path / ".overlay.mp4.0123456789abcdef.part") << "half an overlay";
  ASSERT_TRUE(PhraseFolder::take(shelf(), path));
  EXPECT_THAT(names(path), testing::ElementsAre("frames.log", "session.json"));
}

// A film is made, and something said of a phrase, when nobody holds its folder any more.
TEST_F(PhraseFolderTest, WhatIsBeingWrittenStays) {
  const fs::path path = created().folder->path();
  base::PendingFile film(path / "clean.mp4");
  std::ofstream(film.path()) << "half a film";
  film.hold();
  std::ofstream(path / ".people.json.part") << "{";
  ASSERT_TRUE(PhraseFolder::take(shelf(), path));
  EXPECT_FALSE(film.commit());
  EXPECT_THAT(names(path),
              testing::ElementsAre(".people.json.part", "clean.mp4", "frames.log", "session.json"));
}

TEST_F(PhraseFolderTest, IsRemovedAsAWholeOrNotAtAll) {
  const auto opened = created();
  disk.renames = false;
  opened.folder->remove();
  EXPECT_THAT(names(opened.folder->path()), testing::ElementsAre("frames.log", "session.json"));
  disk.renames = true;
  opened.folder->remove();
  EXPECT_FALSE(fs::exists(opened.folder->path()));
}

TEST_F(PhraseFolderTest, ABoutsPhraseKeepsItsFramesUntilThereIsAVideo) {
  const auto opened = created();
  const fs::path part = opened.folder->path() / "phrase-01";
  fs::create_directory(part);
  std::ofstream(part / "frames.log") << "frames";
  ASSERT_TRUE(opened.folder->conclude_part("phrase-01", false).ok());
  EXPECT_TRUE(fs::exists(part / "frames.log"));
  ASSERT_TRUE(opened.folder->conclude_part("phrase-01", true).ok());
  EXPECT_FALSE(fs::exists(part / "frames.log"));
}

// One removes the folder while another has opened it and asks for its lock: then there is nothing to hold,
// and whoever makes it anew is alone with it.
TEST_F(PhraseFolderTest, WhatHasBeenRemovedIsHeldByNobody) {
  const fs::path path = shelf().path / "contended";
  std::atomic<int> holders = 0;
  std::atomic<int> wrong = 0;
  const auto contend = [&] {
    for (int i = 0; i < 4000; ++i) {
      std::error_code others;
      fs::create_directory(path, others);
      const auto lock = FolderLock::take(path);
      if (!lock) continue;
      if (holders++ > 0 || !fs::exists(path)) ++wrong;
      std::this_thread::yield();
      --holders;
      fs::remove(path, others);
    }
  };
  std::vector<std::thread> threads(8);
  for (auto& thread : threads) thread = std::thread(contend);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace piste::session
