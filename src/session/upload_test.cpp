#include "session/upload.h"

#include <fstream>
#include <thread>

#include "session/phrase_folder.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class UploadTest : public SessionTest {
 protected:
  std::unique_ptr<Upload> begin() {
    auto upload = Upload::begin(registry(), now);
    if (!upload) {
      ADD_FAILURE() << upload.error().message;
      return nullptr;
    }
    return std::move(*upload);
  }
  static void write(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  // Both parts as the server writes them.
  std::unique_ptr<Upload> received(std::string_view log = "Phrase 1") {
    auto upload = begin();
    write(upload->video_path("mp4"), "video");
    write(upload->signal_path(), log);
    return upload;
  }
};

TEST_F(UploadTest, TheEngineGetsBothFilesAndTheOptions) {
  auto upload = received("Phrase 3");
  UploadOptions options;
  options.include_keypoints = true;
  options.save_overlay = false;
  options.weapon = types::Weapon::epee;
  options.marks.piste = {{0, 400}, {1280, 400}, {640, 700}};
  const auto result = upload->analyze(options, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(*result, R"({"winner":"left"})");
  ASSERT_EQ(engine.files.size(), 1u);
  EXPECT_THAT(engine.files[0].video.string(), EndsWith("/phrase.mp4"));
  EXPECT_EQ(engine.files[0].log, "Phrase 3");
  EXPECT_TRUE(engine.files[0].settings.include_keypoints);
  EXPECT_FALSE(engine.files[0].settings.save_overlay);
  EXPECT_EQ(engine.files[0].settings.weapon, types::Weapon::epee);
  EXPECT_EQ(engine.files[0].settings.marks.piste, options.marks.piste);
  EXPECT_EQ(engine.files[0].settings.started, now);
  EXPECT_EQ(engine.files[0].settings.directory, engine.files[0].video.parent_path());
  const auto record = PhraseFolder::peek(engine.files[0].settings.directory);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->start.weapon, types::Weapon::epee) << "what was told stays with it";
  EXPECT_EQ(record->start.marks.piste, options.marks.piste);
}

TEST_F(UploadTest, TwoAtOnceWithOneNameHaveTheirOwnFolders) {
  auto one = begin();
  auto two = begin();
  EXPECT_NE(one->video_path("avi"), two->video_path("avi"));
  EXPECT_NE(one->signal_path(), two->signal_path());
}

TEST_F(UploadTest, OnlyPlainExtensionsAreUsed) {
  auto upload = begin();
  for (const auto& [sent, used] : {std::pair{"mp4", "phrase.mp4"},
                                   {".MKV", "phrase.mkv"},
                                   {"m2ts", "phrase.m2ts"},
                                   {"", "phrase.video"},
                                   {"../../x", "phrase.video"},
                                   {"mp4/..", "phrase.video"},
                                   {"toolong", "phrase.video"},
                                   {"a b", "phrase.video"},
                                   {"txt", "phrase.video"},
                                   {"\xC3\xA9", "phrase.video"}}) {
    EXPECT_EQ(upload->video_path(sent).filename(), used) << sent;
    EXPECT_EQ(upload->video_path(sent).parent_path(), upload->signal_path().parent_path());
  }
}

TEST_F(UploadTest, AResultKeepsTheFolder) {
  auto upload = received();
  const fs::path signal = upload->signal_path();
  ASSERT_TRUE(upload->analyze({}, {}).ok());
  upload.reset();
  EXPECT_TRUE(fs::exists(signal));
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(UploadTest, WithoutAResultTheFolderGoes) {
  auto dropped = received();
  dropped.reset();
  auto failed = received("BAD");
  EXPECT_EQ(failed->analyze({}, {}).error().code, UploadError::bad_log);
  failed.reset();
  EXPECT_EQ(registry().active(), 0u);
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(UploadTest, FailuresAreToldApart) {
  using Code = pipeline::ErrorCode;
  for (const auto& [engines, ours] : {std::pair{Code::video, UploadError::bad_video},
                                      {Code::frame, UploadError::bad_video},
                                      {Code::log, UploadError::bad_log},
                                      {Code::io, UploadError::failed},
                                      {Code::settings, UploadError::failed}}) {
    engine.file_failure = pipeline::Error{engines, "why"};
    const auto result = received()->analyze({}, {});
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ours);
    EXPECT_EQ(result.error().message, "why");
  }
  engine.file_failure.reset();
  EXPECT_EQ(received("")->analyze({}, {}).error().code, UploadError::bad_log);
  EXPECT_EQ(received()->analyze({}, [] { return true; }).error().code, UploadError::failed);
}

TEST_F(UploadTest, WithoutALogTheEngineGetsNone) {
  auto upload = begin();
  write(upload->video_path("mp4"), "video");
  EXPECT_TRUE(upload->analyze({}, {}).ok());
  ASSERT_EQ(engine.files.size(), 1u);
  EXPECT_EQ(engine.files[0].log, "");
}

TEST_F(UploadTest, AScoringLogOverTheLimit) {
  limits.max_signal_bytes = 100;
  EXPECT_EQ(received(std::string(101, 'x'))->analyze({}, {}).error().code, UploadError::bad_log);
}

TEST_F(UploadTest, UploadsAndSessionsShareThePlaces) {
  limits.max_sessions = 2;
  auto client = started();
  auto upload = begin();
  EXPECT_TRUE(Upload::begin(registry(), now).ok()) << "who has not brought both files has no seat";
  EXPECT_TRUE(upload->take_seat().ok());
  EXPECT_TRUE(upload->take_seat().ok()) << "of which it needs one only";
  const auto refused = Upload::begin(registry(), now);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, UploadError::busy);
  EXPECT_EQ(refused.error().message, "Maximum concurrent sessions reached");
  upload.reset();
  EXPECT_TRUE(Upload::begin(registry(), now).ok());
}

TEST_F(UploadTest, BusyWhenStoppingOrTheDiskIsShort) {
  limits.min_free_disk_bytes = std::uint64_t{1} << 60;
  EXPECT_EQ(Upload::begin(registry(), now).error().code, UploadError::busy);
  stop();
  limits.min_free_disk_bytes = 0;
  registry().refuse_new();
  const auto refused = Upload::begin(registry(), now);
  EXPECT_EQ(refused.error().code, UploadError::busy);
  EXPECT_EQ(refused.error().message, "Server is shutting down");
  EXPECT_EQ(folders(), 0u);
}

TEST_F(UploadTest, ShowsInTheStats) {
  auto upload = begin();
  pass(std::chrono::seconds(3));
  const auto sessions = stats().at("sessions").as_object();
  ASSERT_EQ(sessions.size(), 1u);
  const auto& view = sessions.begin()->value();
  EXPECT_EQ(view.at("state"), "CREATE");
  EXPECT_EQ(view.at("duration_seconds"), 3);
  EXPECT_THAT(std::string(view.at("session_id").as_string()), testing::StartsWith("upload-"));
}

TEST_F(UploadTest, TheSweepLeavesUploadsAlone) {
  auto upload = begin();
  pass(std::chrono::seconds(1000));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 1u);
}

}  // namespace
}  // namespace piste::session
