#include "session/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "session/fake_engine.h"
#include "session/registry_parts.h"
#include "support/file_size_limit.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

using testing::HasSubstr;

const Caller somebody{.owner = {}, .address = "192.0.2.1"};
const Caller another_caller{.owner = {}, .address = "192.0.2.2"};

// Three seats, two of a client; two phrases that were left, one of a client; two uploads, one of a client.
const Shares shares{{{3, 2}, {2, 1}, {2, 1}, {1 << 20, 1 << 20}}};

protocol::SessionStart start_of(const std::string& id) {
  protocol::SessionStart start;
  start.session_id = id;
  start.fps = 30;
  start.width = 1280;
  start.height = 720;
  return start;
}

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() {
    limits.output_dir = folder_.path();
    limits.min_free_disk_bytes = 0;
  }

  RegistryParts& parts() {
    if (!parts_) parts_.emplace(engine_, limits, shares, recording::system_disk());
    return *parts_;
  }
  Admission& door() { return parts().admission; }
  std::shared_ptr<Channel> channel() {
    return std::make_shared<Channel>(Outbox{[this](const std::string& text, bool) { said.push_back(text); },
                                            [](int, const std::string&) {}});
  }
  base::Result<Admitted, AdmissionError> ask(const protocol::SessionStart& start,
                                             const Caller& caller = somebody) {
    return door().admit(caller, start, channel_, now);
  }
  Admitted let_in(const std::string& id, const Caller& caller = somebody) {
    auto admitted = ask(start_of(id), caller);
    EXPECT_TRUE(admitted) << (admitted ? "" : admitted.error().message);
    return admitted ? std::move(*admitted) : Admitted();
  }
  std::optional<AdmissionError> refusal(const std::string& id, const Caller& caller = somebody) {
    const auto admitted = ask(start_of(id), caller);
    return admitted ? std::nullopt : std::optional(admitted.error().code);
  }
  std::optional<AdmissionError> upload_refusal(const Caller& caller = somebody) {
    const auto admitted = door().admit_upload(caller, Judged::now, now);
    return admitted ? std::nullopt : std::optional(admitted.error().code);
  }
  auto folders() const { return folder_.count(); }

  Limits limits;
  TimePoint now = TimePoint(std::chrono::hours(1000));
  std::vector<std::string> said;
  const std::shared_ptr<Channel> channel_ = channel();  // of all that are let in

 private:
  const test::TempDir folder_;
  FakeEngine engine_;
  std::optional<RegistryParts> parts_;  // ends before its folder goes
};

TEST_F(AdmissionTest, NumbersHaveLimits) {
  const auto refused = [&](auto change) {
    auto start = start_of("a");
    change(start);
    const auto admitted = ask(start);
    return admitted ? std::nullopt : std::optional(admitted.error().code);
  };
  using Start = protocol::SessionStart;
  EXPECT_EQ(refused([](Start& start) { start.fps = 0.9; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.fps = 1001; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.fps = std::nan(""); }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.width = 15; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.width = 8193; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.height = 15; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) { start.height = 8193; }), AdmissionError::unsuitable);
  EXPECT_EQ(refused([](Start& start) {
              start.fps = 1000;
              start.width = 8192;
              start.height = 16;
            }),
            std::nullopt);
}

TEST_F(AdmissionTest, SeatsAreForAllAndAShareForEach) {
  const auto one = let_in("a");
  const auto two = let_in("b");
  EXPECT_EQ(refusal("c"), AdmissionError::busy);
  EXPECT_EQ(refusal("a"), AdmissionError::id_in_use);
  const auto three = let_in("c", another_caller);
  EXPECT_EQ(refusal("d", another_caller), AdmissionError::busy);
  EXPECT_EQ(parts().accounts.held(Holding::seat), 3u);
}

TEST_F(AdmissionTest, AFirstFrameMustFitIntoMemory) {
  limits.max_memory_bytes = 200'000;
  auto taken = parts().memory.try_acquire(160'000);
  EXPECT_EQ(refusal("a"), AdmissionError::busy);
  taken.reset();
  EXPECT_EQ(refusal("a"), std::nullopt);
}

TEST_F(AdmissionTest, ADiskThatIsShortOrFull) {
  {
    const test::FileSizeLimit full(10);
    EXPECT_EQ(refusal("a"), AdmissionError::no_disk);
    EXPECT_EQ(folders(), 0);
  }
  EXPECT_EQ(refusal("a"), std::nullopt);
}

TEST_F(AdmissionTest, ADiskBelowItsReserve) {
  limits.min_free_disk_bytes = std::uint64_t{1} << 60;
  EXPECT_EQ(refusal("a"), AdmissionError::no_disk);
  EXPECT_EQ(upload_refusal(), AdmissionError::no_disk);
}

TEST_F(AdmissionTest, AnAddressMayStartSoManyAnHour) {
  limits.sessions_per_hour = 2;
  EXPECT_EQ(upload_refusal(), std::nullopt);
  EXPECT_EQ(refusal("a"), std::nullopt);
  EXPECT_EQ(refusal("b"), AdmissionError::too_many);
  EXPECT_EQ(upload_refusal(), AdmissionError::too_many);
  EXPECT_THAT(ask(start_of("b")).error().message, HasSubstr("2 an hour are allowed"));
  EXPECT_EQ(door().retry_after(AdmissionError::too_many, somebody, now), std::chrono::hours(1));
  EXPECT_EQ(refusal("b", another_caller), std::nullopt);
  now += std::chrono::hours(1);
  EXPECT_EQ(refusal("c"), std::nullopt);
}

TEST_F(AdmissionTest, WhoIsRefusedForAnotherReasonHasNotStarted) {
  limits.sessions_per_hour = 1;
  auto unsuitable = start_of("a");
  unsuitable.fps = 0;
  EXPECT_FALSE(ask(unsuitable));
  auto taken = parts().memory.try_acquire(limits.max_memory_bytes);
  EXPECT_EQ(refusal("a"), AdmissionError::busy);
  taken.reset();
  EXPECT_EQ(refusal("a"), std::nullopt);
}

TEST_F(AdmissionTest, NotBesideAShareOfPhrasesThatWereLeft) {
  auto left = parts().accounts.charge(somebody, Holding::left_phrase);
  EXPECT_EQ(refusal("a"), AdmissionError::busy);
  EXPECT_EQ(refusal("a", another_caller), std::nullopt);
  left.give_back();
  EXPECT_EQ(refusal("b"), std::nullopt);
}

// Something that the reaper works at until the test lets it go on.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

TEST_F(AdmissionTest, NotWhileThoseThatHaveEndedPileUp) {
  const auto gate = std::make_shared<Gate>();
  parts().reaper.add({[] {}, [gate] { gate->wait(); }});
  for (int i = 0; i < 256; ++i) parts().reaper.add({[] {}, [] {}});
  EXPECT_EQ(refusal("a"), AdmissionError::busy);
  gate->open();
}

TEST_F(AdmissionTest, NobodyIsLetInWhileTheServiceStops) {
  parts().seating.refuse_new();
  EXPECT_EQ(refusal("a"), AdmissionError::stopping);
  EXPECT_EQ(upload_refusal(), AdmissionError::stopping);
}

TEST_F(AdmissionTest, UploadsOnTheirWayAreForAllAndAShareForEach) {
  const auto one = door().admit_upload(somebody, Judged::now, now);
  ASSERT_TRUE(one);
  EXPECT_EQ(upload_refusal(), AdmissionError::busy);
  const auto two = door().admit_upload(another_caller, Judged::now, now);
  ASSERT_TRUE(two);
  EXPECT_EQ(upload_refusal({.owner = {}, .address = "192.0.2.3"}), AdmissionError::busy);
  EXPECT_EQ(folders(), 2) << "nothing is made for who is refused";
  EXPECT_EQ(parts().accounts.held(Holding::seat), 0u) << "until both files are here";
}

TEST_F(AdmissionTest, AnUploadThatCouldHaveNoSeatIsToldAtOnce) {
  const auto one = let_in("a");
  const auto two = let_in("b");
  EXPECT_EQ(upload_refusal(), AdmissionError::busy);
  EXPECT_EQ(upload_refusal(another_caller), std::nullopt);
}

// A phrase waits under the id that is asked for: whatever the refusal, it can be resumed, and nothing is held
// or on the disk that was not before.
class RefusedStart : public AdmissionTest {
 protected:
  void begin() {
    auto admitted = let_in("a");
    waiting_ = std::move(admitted.session);
    token_ = std::move(admitted.resume_token);
    waiting_->lose(*channel_);
  }
  void expect_refused(AdmissionError why) {
    const auto before = held();
    EXPECT_EQ(refusal("a"), why);
    EXPECT_EQ(held(), before);
    EXPECT_EQ(folders(), 1);
    EXPECT_TRUE(waiting_->alive());
    const auto resumed = door().resume(somebody, {"a", token_}, channel(), now);
    ASSERT_TRUE(resumed) << resumed.error().message;
    EXPECT_EQ(*resumed, waiting_);
    EXPECT_THAT(said, testing::Contains(HasSubstr("session_resumed")));
  }

 private:
  std::vector<std::size_t> held() {
    std::vector<std::size_t> all;
    for (const auto what : {Holding::seat, Holding::left_phrase, Holding::upload, Holding::message_bytes})
      all.push_back(parts().accounts.held(what));
    return all;
  }

  std::shared_ptr<Session> waiting_;
  std::string token_;
};

TEST_F(RefusedStart, WithoutMemory) {
  limits.max_memory_bytes = 1 << 20;
  begin();
  const auto taken = parts().memory.try_acquire(1 << 20);
  expect_refused(AdmissionError::busy);
}

TEST_F(RefusedStart, OnAFullDisk) {
  begin();
  const test::FileSizeLimit full(10);
  expect_refused(AdmissionError::no_disk);
}

TEST_F(RefusedStart, BeyondTheHoursStarts) {
  limits.sessions_per_hour = 1;
  begin();
  expect_refused(AdmissionError::too_many);
}

TEST_F(RefusedStart, BesidePhrasesThatWereLeft) {
  begin();
  const auto left = parts().accounts.charge(somebody, Holding::left_phrase);
  expect_refused(AdmissionError::busy);
}

TEST_F(RefusedStart, ButOneThatIsLetInTakesTheId) {
  begin();
  const auto admitted = let_in("a");
  EXPECT_TRUE(admitted.session->seat().holds_id());
  EXPECT_EQ(parts().seating.find({"", "a"}), admitted.session);
  EXPECT_EQ(parts().seating.sessions().size(), 1u) << "the other has ended";
}

TEST_F(AdmissionTest, AnUnknownIdAndAWrongTokenAreAnsweredAlike) {
  const auto admitted = let_in("a");
  const auto unknown = door().resume(somebody, {"b", admitted.resume_token}, channel(), now);
  const auto wrong = door().resume(somebody, {"a", "no such token"}, channel(), now);
  ASSERT_FALSE(unknown);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(unknown.error().code, AdmissionError::unsuitable);
  EXPECT_EQ(wrong.error().code, AdmissionError::unsuitable);
  EXPECT_EQ(unknown.error().message, wrong.error().message);
}

TEST_F(AdmissionTest, BeyondTheLimitTheOldestWithoutAConnectionEnds) {
  limits.max_detached_sessions = 1;
  const auto oldest = let_in("a").session;
  now += std::chrono::seconds(1);
  const auto newest = let_in("b").session;
  oldest->lose(*channel_);
  door().trim_detached();
  EXPECT_TRUE(oldest->alive());
  newest->lose(*channel_);
  door().trim_detached();
  EXPECT_FALSE(oldest->alive());
  EXPECT_TRUE(newest->alive());
}

}  // namespace
}  // namespace piste::session
