// Uploads that are judged later: what is on the disk when their client has its answer, and what becomes of
// it.
#include <algorithm>
#include <cerrno>
#include <deque>
#include <fstream>

#include "session/job.h"
#include "session/killed_test.h"
#include "session/phrase_folder.h"
#include "session/retention.h"
#include "session/upload.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Which files were brought to the disk, and which names were given, in order.
class SyncNotingDisk : public test::ForwardingDisk {
 public:
  int sync(int file) override {
    note("sync " + fs::read_symlink("/proc/self/fd/" + std::to_string(file)).filename().string());
    return ForwardingDisk::sync(file);
  }
  int sync_folder(const fs::path& path) override {
    note("names " + path.filename().string());
    if (fails) {
      errno = EIO;
      return -1;
    }
    return ForwardingDisk::sync_folder(path);
  }
  int rename(const fs::path& from, const fs::path& to) override {
    note("rename " + to.filename().string());
    return ForwardingDisk::rename(from, to);
  }
  std::ptrdiff_t first(const std::string& what) const {
    return std::ranges::find(noted, what) - noted.begin();
  }
  std::ptrdiff_t last(const std::string& what) const {
    return noted.rend() - std::ranges::find(noted.rbegin(), noted.rend(), what) - 1;
  }
  bool fails = false;
  std::vector<std::string> noted;

 private:
  void note(std::string what) { noted.push_back(std::move(what)); }
};

class KeptUploadTest : public KilledTest {
 protected:
  using Begun = base::Result<std::unique_ptr<Upload>, UploadError>;
  Begun begin(const Caller& caller = {}, Judged judged = Judged::later) {
    return Upload::begin(registry(), now, caller, judged);
  }
  std::unique_ptr<Upload> received(std::string_view log = "Phrase 1") {
    auto begun = begin();
    EXPECT_TRUE(begun.ok());
    std::ofstream((*begun)->video_path("mp4")) << "video";
    std::ofstream((*begun)->signal_path()) << log;
    return std::move(*begun);
  }
  std::unique_ptr<Upload> kept() {
    auto upload = received();
    EXPECT_TRUE(upload->keep({}).ok());
    return upload;
  }
  std::unique_ptr<Upload> left() { return Upload::take_kept(registry(), now); }
  static fs::path folder_of(const Upload& upload) { return upload.signal_path().parent_path(); }
  std::deque<test::TempDir> after_;  // what kills have left
  std::string result_of(const std::string& id) {
    const auto result = registry().result({"", id});
    return result ? *result : result.error().message;
  }
};

TEST_F(KeptUploadTest, IsOnTheDiskBeforeItIsTold) {
  SyncNotingDisk noting;
  disk = &noting;
  auto upload = received();
  const std::string video = upload->video_path("mp4").filename(), log = upload->signal_path().filename();
  const std::string folder = upload->signal_path().parent_path().filename();
  noting.noted.clear();
  ASSERT_TRUE(upload->keep({}).ok());
  const auto named = noting.first("rename .upload");
  EXPECT_LT(noting.first("sync " + video), named);
  EXPECT_LT(noting.first("sync " + log), named);
  EXPECT_LT(noting.first("sync ..upload.part"), named);
  EXPECT_LT(named, noting.last("names " + folder));
  EXPECT_LT(noting.first("names " + limits.output_dir.filename().string()), std::ssize(noting.noted));
  upload.reset();
  stop();
}

TEST_F(KeptUploadTest, WhatTheDiskDoesNotTakeIsRefused) {
  SyncNotingDisk failing;
  disk = &failing;
  auto upload = received();
  failing.fails = true;
  const auto refused = upload->keep({});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, UploadError::busy);
  upload.reset();
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(KeptUploadTest, WhatIsNoLogIsSaidAtOnce) {
  auto upload = received("BAD");
  EXPECT_EQ(upload->keep({}).error().code, UploadError::bad_log);
  upload.reset();
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(KeptUploadTest, SurvivesAKillWithWhatWasAsked) {
  auto upload = received("Phrase 3");
  UploadOptions options;
  options.said = {{"weapon", "epee"}, {"save_overlay", "no"}};
  ASSERT_TRUE(upload->keep(options).ok());
  const std::string id = upload->id();
  upload.reset();
  killed_and_started();
  auto again = left();
  ASSERT_TRUE(again);
  EXPECT_EQ(left(), nullptr);
  EXPECT_EQ(again->id(), id);
  EXPECT_EQ(again->options(), options.said);
  EXPECT_EQ(result_of(id), "The analysis is running");
  ASSERT_TRUE(again->analyze({}, {}).ok());
  EXPECT_EQ(engine.files.at(0).log, "Phrase 3");
  again.reset();
  killed_and_started();
  EXPECT_EQ(left(), nullptr);
  EXPECT_EQ(result_of(id), R"({"winner":"left"})");
}

TEST_F(KeptUploadTest, WhatEndsTheServiceEachTimeIsTriedThreeTimes) {
  const std::string id = kept()->id();
  for (int attempt = 0; attempt < Job::most_attempts; ++attempt) {
    killed_and_started();
    auto dying = left();
    ASSERT_TRUE(dying) << attempt;
    // Killed in the middle of it: the copy is what that leaves.
    const auto stopped = [&] {
      limits.output_dir = after_.emplace_back().path();
      copy_as_it_is(folder_of(*dying).parent_path(), limits.output_dir);
      return true;
    };
    EXPECT_FALSE(dying->analyze({}, stopped).ok());
    dying.reset();
    stop();
  }
  registry().recover(now);
  EXPECT_EQ(left(), nullptr);
  EXPECT_THAT(result_of(id), HasSubstr("does not try again"));
  for (const auto& entry : fs::directory_iterator(only_folder()))
    EXPECT_EQ(entry.path().filename().string().front(), '.') << "the video is of no use: " << entry.path();
}

TEST_F(KeptUploadTest, WaitsForASeatWhereOthersAreRefused) {
  limits.max_sessions = 1;
  const auto client = started();
  EXPECT_EQ(begin({}, Judged::now).error().code, UploadError::busy);
  const auto upload = kept();
  EXPECT_FALSE(upload->take_seat().ok());
  registry().refuse_new();
  EXPECT_EQ(begin().error().code, UploadError::busy) << "but not while the service stops";
}

TEST_F(KeptUploadTest, IsNotBegunWhileTheServiceStops) {
  const auto upload = kept();
  registry().refuse_new();
  EXPECT_FALSE(upload->take_seat().ok());
}

TEST_F(KeptUploadTest, AClientKeepsHalfOfWhatMayBeKept) {
  limits.max_kept_uploads = 4;
  const Caller here{.owner = "a", .address = {}}, there{.owner = "b", .address = {}};
  auto one = begin(here);
  const auto two = begin(here);
  EXPECT_EQ(begin(here).error().code, UploadError::busy);
  EXPECT_THAT(begin(here).error().message, HasSubstr("wait to be judged"));
  EXPECT_TRUE(begin(here, Judged::now).ok());
  EXPECT_TRUE(begin(there).ok());
  one->reset();
  EXPECT_TRUE(begin(here).ok());
}

TEST_F(KeptUploadTest, RetentionLeavesWhatIsToBeDone) {
  limits.retention.bytes = 1;
  auto upload = kept();
  const auto folder = upload->signal_path().parent_path();
  upload.reset();  // as another service of this folder leaves it
  const auto later = fs::file_time_type::clock::now() + std::chrono::hours(1);
  const Shelf shelf{recording::system_disk(), limits.output_dir};
  EXPECT_EQ(remove_old(shelf, limits.retention, later), 0u);
  Job failed{.owner = {}, .video = "phrase.mp4", .options = {}, .attempts = 1, .error = "why"};
  PhraseFolder::take(shelf, folder)->give_up(failed);
  EXPECT_EQ(remove_old(shelf, limits.retention, later), 1u);
}

}  // namespace
}  // namespace piste::session
