#include "store/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <memory>

#include "session/job.h"
#include "session/phrase_folder.h"
#include "session/retention.h"
#include "store/place_for_test.h"
#include "store/store.h"
#include "support/s3_server.h"
#include "support/temp_dir.h"

namespace piste::store {
namespace {

namespace fs = std::filesystem;
using session::PhraseFolder;
using session::SessionKey;
using session::SessionRecord;
using test::S3Server;

constexpr const char* first = "20261129T090000Z-0000000000000001";
constexpr const char* second = "20261129T090001Z-0000000000000002";
const SessionKey key{"club", "phrase 1"};

class OutboxTest : public testing::Test {
 protected:
  // As the next start of the service does it.
  void start() {
    store.reset();
    store.emplace(place_of(server), Outbox::Options{.shelf = shelf.path(),
                                                    .look_interval = std::chrono::milliseconds(20),
                                                    .longest_wait = std::chrono::milliseconds(20)});
  }
  fs::path phrase(const std::string& name, const std::string& overlay = "overlay",
                  SessionRecord::Stage stage = SessionRecord::Stage::complete) const {
    const fs::path folder = shelf.path() / name;
    fs::create_directories(folder);
    std::ofstream(folder / "analysis_result.json") << R"({"winner":"left"})";
    std::ofstream(folder / "overlay.mp4") << overlay;
    std::ofstream(folder / "people.json") << "{}";
    SessionRecord record;
    record.owner = key.owner;
    record.start.session_id = key.id;
    record.start.width = record.start.height = 64;
    record.start.fps = 30;
    record.token_hash = "hash";
    record.stage = stage;
    std::ofstream(folder / "session.json") << print(record);
    return folder;
  }
  template <class Condition>
  static void until(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition() && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(condition());
  }
  static std::string in_bucket(const std::string& object) { return "/bucket/" + object; }

  S3Server server;
  const test::TempDir shelf;
  std::optional<Store> store;
};

TEST_F(OutboxTest, BringsWhatIsOverAndMarksIt) {
  const fs::path folder = phrase(first);
  fs::create_directory(folder / "phrase-01");
  std::ofstream(folder / "phrase-01" / "overlay.mp4") << "of a bout";
  const fs::path live = phrase(second, "", SessionRecord::Stage::ended);
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  const auto objects = server.objects();
  EXPECT_EQ(objects.at(in_bucket(first) + "/overlay.mp4").at("size"), 7);
  EXPECT_EQ(objects.at(in_bucket(first) + "/overlay.mp4").at("type"), "video/mp4");
  EXPECT_TRUE(objects.contains(in_bucket(first) + "/phrase-01/overlay.mp4"));
  EXPECT_TRUE(objects.contains(in_bucket(first) + "/analysis_result.json"));
  EXPECT_TRUE(objects.contains(in_bucket(first) + "/people.json"));
  EXPECT_EQ(objects.size(), 6u) << "not the record: " << boost::json::serialize(objects);
  const auto found = store->find(key);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->folder, first);
  EXPECT_EQ(found->files.at("overlay.mp4"), 7u);
  EXPECT_EQ(store->find({"another", key.id}).error().code, ErrorCode::missing);
  EXPECT_FALSE(PhraseFolder::is_stored(live));
  phrase(second);
  until([&] { return PhraseFolder::is_stored(live); });
  EXPECT_EQ(store->find(key)->folder, second) << "the newest has the id";
}

TEST_F(OutboxTest, AnOlderPhraseDoesNotTakeTheId) {
  phrase(second);
  start();
  until([&] { return PhraseFolder::is_stored(shelf.path() / second); });
  phrase(first);
  until([&] { return PhraseFolder::is_stored(shelf.path() / first); });
  EXPECT_EQ(store->find(key)->folder, second);
}

// Brought for other nodes, which could not be told of it: it failed where it was, and its folder stays.
TEST_F(OutboxTest, TheFilmOfAnUploadThatFailedDoesNotStay) {
  const fs::path folder = shelf.path() / first;
  fs::create_directories(folder);
  std::ofstream(folder / "phrase.mkv") << "no film";
  session::Job job{key.owner, "phrase.mkv", {}, 1, ""};
  std::ofstream(folder / ".upload") << print(job);
  start();
  ASSERT_TRUE(store->put_upload({folder / "phrase.mkv", folder / "phrase.txt"}, {}));
  ASSERT_EQ(server.objects().size(), 2u);
  job.error = "The video cannot be read";
  std::ofstream(folder / ".upload") << print(job);
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_TRUE(server.objects().empty()) << boost::json::serialize(server.objects());
}

TEST_F(OutboxTest, WhatPeopleSayIsBroughtEachTime) {
  const fs::path folder = phrase(first);
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  const auto asked = server.asked().size();
  std::ofstream(folder / "people.json") << R"({"revision":2})";
  fs::last_write_time(folder / "people.json", fs::file_time_type::clock::now() + std::chrono::seconds(1));
  EXPECT_FALSE(PhraseFolder::is_stored(folder));
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_EQ(server.objects().at(in_bucket(first) + "/people.json").at("size"), 14);
  for (std::size_t i = asked; i < server.asked().size(); ++i)
    EXPECT_EQ(server.asked().at(i).as_string().find("overlay"), std::string::npos) << "only that";
}

TEST_F(OutboxTest, AFilmThatIsMadeLaterIsBroughtAndListed) {
  const fs::path folder = phrase(first);
  fs::create_directory(folder / "phrase-01");
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  const auto asked = server.asked().size();
  for (const fs::path& where : {folder, folder / "phrase-01"}) {
    std::ofstream(where / "clean.mp4") << "film";
    PhraseFolder::film_made(where);
  }
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_TRUE(server.has(in_bucket(first) + "/clean.mp4"));
  EXPECT_EQ(store->find(key)->files.at("clean.mp4"), 4u);
  EXPECT_EQ(store->find(key)->files.at("phrase-01/clean.mp4"), 4u);
  EXPECT_TRUE(server.has(in_bucket(first) + "/phrase-01/clean.mp4"));
  for (std::size_t i = asked; i < server.asked().size(); ++i)
    EXPECT_EQ(server.asked().at(i).as_string().find("overlay"), std::string::npos) << "only those";
}

TEST_F(OutboxTest, APhraseThatHasNoVideoIsBroughtAllTheSameAndAgainWhenItHas) {
  const fs::path folder = phrase(first, "overlay", SessionRecord::Stage::judged);
  const fs::path fresh = phrase(second, "overlay", SessionRecord::Stage::judged);
  fs::last_write_time(folder / "analysis_result.json",
                      fs::file_time_type::clock::now() - std::chrono::hours(1));
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_FALSE(PhraseFolder::is_stored(fresh)) << "a video is still made of it";
  const session::Shelf here{recording::system_disk(), shelf.path()};
  std::ofstream(folder / "phrase.mkv") << "video";
  ASSERT_TRUE(PhraseFolder::take(here, folder)->conclude(true));
  until([&] { return server.has(in_bucket(first) + "/phrase.mkv"); });
}

TEST_F(OutboxTest, WhatWasCutIsTakenUpByTheNextRun) {
  const fs::path folder = phrase(first);
  server.fail("503", 1000, "PUT");
  start();
  until([&] { return server.asked().size() >= 2; });
  store.reset();
  EXPECT_FALSE(PhraseFolder::is_stored(folder));
  server.be_well();
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_TRUE(server.has(in_bucket(first) + "/overlay.mp4"));
  const auto asked = server.asked().size();
  start();
  phrase(second);
  until([&] { return PhraseFolder::is_stored(shelf.path() / second); });
  for (std::size_t i = asked; i < server.asked().size(); ++i)
    EXPECT_EQ(server.asked().at(i).as_string().find(first), std::string::npos) << "it is there already";
}

TEST_F(OutboxTest, WhatIsRemovedGoesWhenTheBucketCanBeReached) {
  const fs::path folder = phrase(first);
  server.put("/bucket/others", "stay");
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  server.fail("503", 1000);
  ASSERT_TRUE(store->forget(key, first));
  test::remove_watched(folder);
  store.reset();
  server.be_well();
  start();
  until([&] { return server.objects().size() == 1; });
  EXPECT_TRUE(server.has("/bucket/others"));
  until([&] { return fs::is_empty(shelf.path() / ".library" / "forget"); });
}

TEST_F(OutboxTest, WhatIsToBeRemovedIsNotFoundAnyMoreUnlessThatIsTakenBack) {
  const fs::path folder = phrase(first);
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  ASSERT_TRUE(store->forget(key, first));
  EXPECT_EQ(store->find(key).error().code, ErrorCode::missing);
  store->recall(first);
  EXPECT_TRUE(store->find(key));
}

TEST_F(OutboxTest, OnePhraseThatIsRefusedKeepsNoOtherBack) {
  const fs::path wrong = phrase(first);
  server.fail("403", 1);
  start();
  phrase(second);
  until([&] { return PhraseFolder::is_stored(shelf.path() / second) && PhraseFolder::is_stored(wrong); });
}

TEST_F(OutboxTest, ANewPhraseKeepsItsIdWhenTheOldOneIsRemoved) {
  phrase(first);
  phrase(second);
  start();
  until([&] { return PhraseFolder::is_stored(shelf.path() / second); });
  ASSERT_TRUE(store->forget(key, first));
  EXPECT_TRUE(server.has(in_bucket(first) + "/manifest.json")) << "its folder is there";
  test::remove_watched(shelf.path() / first);
  until([&] { return !server.has(in_bucket(first) + "/manifest.json"); });
  EXPECT_FALSE(server.has(in_bucket(first) + "/overlay.mp4"));
  EXPECT_EQ(store->find(key)->folder, second);
}

TEST_F(OutboxTest, RetentionWaitsForTheStore) {
  const fs::path folder = phrase(first);
  const auto later = fs::file_time_type::clock::now() + std::chrono::hours(48);
  const session::Shelf here{recording::system_disk(), shelf.path()};
  const session::Retention retention{.age = std::chrono::hours(24), .bytes = 0, .stored_only = true};
  EXPECT_EQ(remove_old(here, retention, later), 0u);
  start();
  until([&] { return PhraseFolder::is_stored(folder); });
  EXPECT_EQ(remove_old(here, retention, later), 1u);
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(store->find(key));
}

}  // namespace
}  // namespace piste::store
