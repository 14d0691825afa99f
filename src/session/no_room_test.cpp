// What is said when there is no room, and what stays. A limit on the size of files stands for a full disk:
// the write fails as on one, with EFBIG instead of ENOSPC.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "session/conversation.h"
#include "session/test_client.h"
#include "support/file_size_limit.h"
#include "support/forwarding_disk.h"
#include "support/small_disk.h"

namespace piste::session {
namespace {

class NoRoom : public SessionTest {};

TEST_F(NoRoom, InMidPhraseKeepsWhatIsThere) {
  auto client = started();
  client->frames(0, 5);
  client->skip();
  const std::string picture(100'000, 'x');
  {
    const test::FileSizeLimit full(50'000);
    client->frame(5, picture);
    const auto error = client->next();
    EXPECT_EQ(error.at("error_code"), "FRAME_PROCESSING_FAILED");
    EXPECT_EQ(error.at("recoverable"), true);
    EXPECT_EQ(error.at("frame_number"), 5);
    EXPECT_EQ(error.at("retry_after"), 10);
  }
  client->frame(5, picture);
  EXPECT_EQ(client->next().at("status"), "received") << "somebody has made room";
  auto& log = engine.phrase().log;
  ASSERT_EQ(log.size(), 6u);
  EXPECT_EQ(*log.read(4)->bytes, bytes_of("picture"));
  EXPECT_EQ(log.read(5)->bytes->size(), picture.size());
}

TEST_F(NoRoom, ForTheSignalItMayBeSentAgain) {
  auto client = started();
  client->frames(0, 12);
  client->skip();
  {
    const test::FileSizeLimit full(10);
    client->signal("Phrase 1, and much more than fits");
    const auto error = client->next();
    EXPECT_EQ(error.at("error_code"), "PROCESSING_FAILED");
    EXPECT_EQ(error.at("recoverable"), true);
    EXPECT_EQ(error.at("retry_after"), 10);
  }
  client->signal("Phrase 1");
  EXPECT_EQ(client->next_kind(), "signal_ack");
}

TEST_F(NoRoom, IsSaidAtTheDoorWithWhenToComeBack) {
  const auto refused = [&](const std::string& id) {
    auto client = connect();
    client->start(id);
    return client->next();
  };
  {
    const test::FileSizeLimit full(10);
    const auto error = refused("disk");
    EXPECT_EQ(error.at("error_code"), "SESSION_START_FAILED");
    EXPECT_EQ(error.at("retry_after"), 60);
  }
  EXPECT_EQ(folders(), 0u);
  stop();
  limits.min_free_disk_bytes = std::uint64_t{1} << 60;
  EXPECT_EQ(refused("short").at("retry_after"), 60);
  stop();
  limits.min_free_disk_bytes = 0;
  limits.max_sessions = 1;
  auto first = started("first");
  EXPECT_EQ(refused("second").at("retry_after"), 5);
  first->abort();
  registry().refuse_new();
  EXPECT_EQ(refused("late").at("retry_after"), 10);
  EXPECT_FALSE(refused("").contains("retry_after")) << "a wrong id stays wrong";
}

// A disk with a reserve, which others fill.
TEST_F(NoRoom, TheReserveIsLeftAlone) {
  const test::TempDir folder;
  const test::SmallDisk small(folder / "disk", 64);
  if (!small.mounted()) GTEST_SKIP() << "no small disk can be mounted here: " << small.why_not();
  limits.output_dir = small.path();
  limits.min_free_disk_bytes = 16 << 20;
  auto client = started();
  client->skip();
  ASSERT_TRUE(small.fill(8 << 20));
  client->frame(0);
  EXPECT_EQ(client->next().at("retry_after"), 10);
  small.make_room();
  client->frame(0);
  EXPECT_EQ(client->next_kind(), "frame_ack");
  client->abort();
  stop();
}

// It has told the service that what it was given is not there: nothing more is believed, and it is said once.
TEST_F(NoRoom, ADiskThatFailsIsNoFullDisk) {
  class Failing : public test::ForwardingDisk {
   public:
    int sync(int file) override { return fails ? (errno = EIO, -1) : ForwardingDisk::sync(file); }
    std::atomic<bool> fails = false;
  } failing;
  disk = &failing;
  limits.fsync = Fsync::interval;
  auto client = started();
  client->frames(0, 5);
  client->skip();
  failing.fails = true;
  for (int second = 0; second < 3; ++second) registry().tend(now);
  // It may have been the registry's own thread that met the fault, and that is about to tell of it.
  for (int wait = 0; wait < 1'000 && client->waiting() == 0; ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  auto told = client->next();
  EXPECT_EQ(told.at("error_code"), "PROCESSING_FAILED");
  EXPECT_EQ(told.at("recoverable"), false);
  EXPECT_EQ(client->waiting(), 0u);
  client->frame(5);
  told = client->next();
  EXPECT_EQ(told.at("error_code"), "FRAME_PROCESSING_FAILED");
  EXPECT_EQ(told.at("recoverable"), false);
  EXPECT_FALSE(told.contains("retry_after"));
  stop();
}

// Whoever asks for the list in the moment in which a session's files are made meets one that is nothing yet.
TEST_F(NoRoom, ASessionThatIsBeingMadeIsNotInTheListYet) {
  class Asking : public test::ForwardingDisk {
   public:
    int make_folder(const std::filesystem::path& path) override {
      if (ask) ask();
      return ForwardingDisk::make_folder(path);
    }
    std::function<void()> ask;
  } asking;
  disk = &asking;
  int asked = 0;
  registry();
  asking.ask = [&] {
    ++asked;
    EXPECT_TRUE(registry().running("", now).empty());
  };
  auto client = started();
  EXPECT_GT(asked, 0);
  EXPECT_EQ(registry().running("", now).size(), 1u);
  asking.ask = nullptr;
  stop();
}

}  // namespace
}  // namespace piste::session
