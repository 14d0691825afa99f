// What is answered about a phrase that is over holds after a power cut, too.
#include <chrono>
#include <thread>

#include "session/catalogue.h"
#include "session/test_client.h"
#include "support/stopping_disk.h"

namespace piste::session {
namespace {

constexpr int endless = 1'000'000;  // calls

class JudgedPhrase : public SessionTest {
 protected:
  JudgedPhrase() {
    limits.fsync = Fsync::end;
    disk = &stopping_;
    const auto client = processing();
    engine.phrase().complete(R"({"winner":"left"})");
    const auto frames = test::phrases_in(limits.output_dir).front() / frame_log_name;
    while (std::filesystem::exists(frames)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~JudgedPhrase() override { stop(); }  // before its folders go

  // Those who work on the phrase let go of it soon.
  bool removed() {
    for (int i = 0; i < 1000; ++i) {
      if (registry().remove(key)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  void power_cut_and_started() {
    stopping_.power_cut(limits.output_dir, after_.path(), test::StoppingDisk::Kept::as_synced);
    stop();
    limits.output_dir = after_.path();
    registry().recover(now);
  }

  const SessionKey key{"", "s"};

 private:
  test::StoppingDisk stopping_{endless};
  const test::TempDir after_;
};

TEST_F(JudgedPhrase, KeepsWhatPeopleSaid) {
  ASSERT_TRUE(registry().change(key, {}, [](People& people) { people.name = "Final"; }).ok());
  ASSERT_TRUE(registry().change(key, {}, [](People& people) { people.left = "Ada"; }).ok());
  power_cut_and_started();
  const auto said = registry().said(key);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->people.name, "Final");
  EXPECT_EQ(said->people.left, "Ada");
}

TEST_F(JudgedPhrase, StaysAwayOnceItIsRemoved) {
  ASSERT_TRUE(removed());
  power_cut_and_started();
  EXPECT_FALSE(registry().result(key).ok());
  EXPECT_EQ(folders(), 0u);
}

}  // namespace
}  // namespace piste::session
