// The files of uploads that any node may judge: there, and from there.
#include "store/store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_text.h"
#include "store/place_for_test.h"
#include "support/s3_server.h"
#include "support/temp_dir.h"

namespace piste::store {
namespace {

class SharedUploadTest : public ::testing::Test {
 protected:
  using Files = std::vector<std::filesystem::path>;
  static constexpr const char* name = "20261130T010203Z-0123456789abcdef";

  // One folder on each node's disk.
  Files files_of(const test::TempDir& node) const {
    const auto folder = node.path() / name;
    std::filesystem::create_directories(folder);
    return {folder / "phrase.mp4", folder / "phrase.txt"};
  }

  test::S3Server server;
  const test::TempDir one, other;
  const Store store{place_of(server), Outbox::Options{.shelf = one.path()}};
};

TEST_F(SharedUploadTest, AreTheSameAtTheOtherNode) {
  const std::string film(Bucket::Options().part_bytes + 12'345, 'f');  // in two parts
  std::ofstream(files_of(one)[0]) << film;
  std::ofstream(files_of(one)[1]) << "Phrase 1";
  ASSERT_TRUE(store.put_upload(files_of(one), {}));
  ASSERT_TRUE(store.fetch_upload(files_of(other), {}));
  EXPECT_EQ(base::file_text(files_of(other)[0]), film);
  EXPECT_EQ(base::file_text(files_of(other)[1]), "Phrase 1");
}

TEST_F(SharedUploadTest, ALogThatWasNotSentIsNotLookedFor) {
  std::ofstream(files_of(one)[0]) << "film";
  ASSERT_TRUE(store.put_upload(files_of(one), {}));
  ASSERT_TRUE(store.fetch_upload(files_of(other), {}));
  EXPECT_FALSE(std::filesystem::exists(files_of(other)[1]));
}

TEST_F(SharedUploadTest, AFilmThatIsGoneIsMissed) {
  EXPECT_EQ(store.fetch_upload(files_of(other), {}).error().code, ErrorCode::missing);
}

TEST_F(SharedUploadTest, WhatHasFailedGoesWithItsList) {
  std::ofstream(files_of(one)[0]) << "film";
  ASSERT_TRUE(store.put_upload(files_of(one), {}));
  const Outbox others(store.bucket(),
                      {.shelf = other.path(), .look_interval = std::chrono::milliseconds(20)});
  ASSERT_TRUE(others.forget({"", "upload-" + std::string(name)}, name));
  for (int i = 0; i < 500 && !server.objects().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(server.objects().empty());
}

}  // namespace
}  // namespace piste::store
