// What is acknowledged is there: after a kill, on the disk when REFEREE_FSYNC says so, and when the disk is
// full.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <cstring>
#include <fstream>
#include <thread>

#include "phrase.h"
#include "support/small_disk.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

// ---- killed and started again, asked over HTTP

class Restart : public testing::Test {
 protected:
  // The first answer that is not 202, from the service as it is now.
  test::Response result_of(const std::string& id) {
    const auto until = std::chrono::steady_clock::now() + test::patience;
    for (;;) {
      auto answer = test::HttpClient(service.port()).get("/sessions/" + id + "/result");
      if (answer.result_int() != 202 || std::chrono::steady_clock::now() > until) return answer;
      std::this_thread::yield();
    }
  }

  Service service;
};

TEST_F(Restart, AResultIsToldAfterAKill) {
  const Phrase phrase = sample();
  const Told told = stream(service, phrase, phrase.jpegs, "jpeg", "final", {{"save_overlay", false}});
  ASSERT_FALSE(told.result.empty());
  service.kill_and_start();
  const auto answer = result_of("final");
  EXPECT_EQ(answer.result_int(), 200u) << answer.body();
  // A kill right behind process_complete may find the result not noted yet: it is then made again, with times
  // of its own and the same decision.
  EXPECT_EQ(test::body_of(answer).at("decision"), told.result.at("decision"));
  EXPECT_EQ(service.get("/sessions/final").at("state"), "COMPLETE");
  EXPECT_EQ(result_of("semifinal").result_int(), 404u);
  // What is kept of it is enough for the same service to say the same, and no more is kept of that.
  const auto again = run("referee", {"reanalyze", service.url(), "--since", "2026-01-01", "--output-dir",
                                     service.output().string()});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("1 phrase compared, the winner of 0 changed")) << again.err;
  EXPECT_EQ(service.get("/sessions").at("sessions").as_array().size(), 1u);
}

TEST_F(Restart, AnAnalysisThatWasCutIsDoneAgainAndItsResultTold) {
  const Phrase phrase = sample();
  WebSocketClient client(service.port());
  client.start("final", phrase.width, phrase.height, phrase.fps);
  for (std::size_t i = 0; i < phrase.jpegs.size(); ++i) {
    client.send_frame(static_cast<std::int64_t>(i), phrase.jpegs[i]);
    client.receive("frame_ack");
  }
  client.end(static_cast<std::int64_t>(phrase.jpegs.size()));
  EXPECT_EQ(client.signal(phrase.log).at("type"), "signal_ack");
  service.kill_and_start();
  const auto answer = result_of("final");
  ASSERT_EQ(answer.result_int(), 200u) << answer.body();
  EXPECT_EQ(test::body_of(answer).at("winner"), "right");
  EXPECT_EQ(test::body_of(answer).at("frames_analyzed"), phrase.jpegs.size());
}

TEST_F(Restart, AnUploadThatNobodyWaitsForIsJudgedAllTheSame) {
  const Phrase phrase = sample();
  const test::Form form({{"video", test::read_file(phrase.video), "phrase.mkv"},
                         {"signal", phrase.log, "phrase.txt"},
                         {"save_overlay", "no"}});
  const auto answer = test::HttpClient(service.port())
                          .send(boost::beast::http::verb::post, "/analyze", form.body,
                                {{"Content-Type", form.content_type}, {"Prefer", "respond-async"}});
  service.kill_and_start();
  ASSERT_EQ(answer.result_int(), 202u) << answer.body();
  const std::string id(test::body_of(answer).at("session_id").as_string());
  const auto result = result_of(id);
  ASSERT_EQ(result.result_int(), 200u) << result.body();
  EXPECT_EQ(test::body_of(result).at("winner"), "right");
  EXPECT_EQ(test::body_of(result).at("frames_analyzed"), phrase.jpegs.size());
}

TEST_F(Restart, AnOpenSessionSaysThatItIsNotComplete) {
  WebSocketClient client(service.port());
  client.start("final", small_width, small_height);
  client.frame(0, small_jpeg());
  service.kill_and_start();
  EXPECT_EQ(result_of("final").result_int(), 409u);
  const auto until = std::chrono::steady_clock::now() + test::patience;
  json::object state = service.get("/sessions/final");
  while (!state.contains("frames_received") && std::chrono::steady_clock::now() < until)
    state = service.get("/sessions/final");  // its log is being read
  EXPECT_EQ(state.at("frames_received"), 1);
}

// ---- how often acknowledged frames are brought to the disk

// The real service's calls of fsync and fdatasync, counted by count_syncs.cpp.
class Syncs : public testing::Test {
 protected:
  Syncs() {
    std::ofstream(file()) << std::string(sizeof(std::uint64_t), '\0');
    const int opened = ::open(file().c_str(), O_RDONLY);
    memory_ = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ, MAP_SHARED, opened, 0);
    ::close(opened);
  }
  ~Syncs() override { ::munmap(memory_, sizeof(std::uint64_t)); }

  std::string file() const { return (folder_ / "count").string(); }
  std::uint64_t count() const { return static_cast<const std::atomic<std::uint64_t>*>(memory_)->load(); }
  Service service_that_syncs(const std::string& when) const {
    return Service({"--fsync", when}, {"LD_PRELOAD=" PISTE_COUNT_SYNCS, "PISTE_SYNC_COUNT=" + file(),
                                       "ASAN_OPTIONS=verify_asan_link_order=0"});
  }

  static constexpr int frames = 40;
  const std::string picture = small_jpeg();

 private:
  test::TempDir folder_;
  void* memory_ = nullptr;
};

TEST_F(Syncs, FrameIsBeforeEachAcknowledgement) {
  const Service service = service_that_syncs("frame");
  WebSocketClient client(service.port());
  client.start("s", small_width, small_height);
  for (int i = 0; i < frames; ++i) {
    const auto before = count();
    client.frame(i, picture);
    EXPECT_GT(count(), before) << "frame " << i;
  }
}

TEST_F(Syncs, IntervalIsOnceForManyFrames) {
  const Service service = service_that_syncs("interval");
  WebSocketClient client(service.port());
  client.start("s", small_width, small_height);
  const auto begin = std::chrono::steady_clock::now();
  const auto before = count();
  for (int i = 0; i < frames; ++i) client.frame(i, picture);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begin;
  const auto meanwhile = static_cast<double>(count() - before);
  EXPECT_LE(meanwhile, 3 * (lasted.count() + 1)) << "once a second, for the log and its folder";
  const auto until = std::chrono::steady_clock::now() + test::patience;
  while (count() == before && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_GT(count(), before) << "without a further message";
}

TEST_F(Syncs, EndIsWithSessionEndAndNotBefore) {
  const Service service = service_that_syncs("end");
  WebSocketClient client(service.port());
  client.start("s", small_width, small_height);
  const auto before = count();
  for (int i = 0; i < frames; ++i) client.frame(i, picture);
  EXPECT_EQ(count(), before);
  client.end(frames);
  const auto ended = count();
  EXPECT_GT(ended, before) << "before session_ended";
  client.signal(small_log());
  EXPECT_GT(count(), ended) << "before signal_ack";
}

// ---- a disk that is full

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk.mounted())
      GTEST_SKIP() << "skipped: no small disk can be mounted here (" << disk.why_not() << ")";
    service = std::make_unique<Service>(std::vector<std::string>{"--min-free-disk-mb", "0"},
                                        std::vector<std::string>{}, disk.path() / "phrases");
  }
  // Sends frames until one is refused, and returns the refusal; next is its number then.
  json::object fill_up(WebSocketClient& client, std::int64_t& next) {
    for (; next < 10'000; ++next) {
      auto answer = client.frame(next, picture(next));
      if (answer.at("type") != "frame_ack") return answer;
    }
    return {};
  }
  static std::string picture(std::int64_t number) { return small_jpeg(static_cast<int>(number)); }

  test::TempDir folder;
  test::SmallDisk disk{folder / "disk", 64};
  std::unique_ptr<Service> service;
};

TEST_F(FullDisk, InMidPhraseKeepsWhatIsAcknowledgedAndGoesOnWhenThereIsRoom) {
  WebSocketClient client(service->port());
  ASSERT_EQ(client.start("full", small_width, small_height).at("type"), "session_started");
  ASSERT_TRUE(disk.fill(256 << 10));
  std::int64_t next = 0;
  const json::object refused = fill_up(client, next);
  ASSERT_GT(next, 10);
  EXPECT_EQ(refused.at("error_code"), "FRAME_PROCESSING_FAILED");
  EXPECT_EQ(refused.at("recoverable"), true);
  EXPECT_EQ(refused.at("frame_number"), next);
  EXPECT_GT(refused.at("retry_after").as_int64(), 0);
  EXPECT_THAT(text(refused.at("error_message")), HasSubstr("disk is full"));
  EXPECT_THAT(text(refused.at("error_message")), HasSubstr("what was acknowledged is kept"));
  EXPECT_TRUE(service->hides_paths(text(refused.at("error_message"))));

  WebSocketClient other(service->port());
  const json::object at_the_door = other.start("other", small_width, small_height);
  EXPECT_EQ(at_the_door.at("error_code"), "SESSION_START_FAILED");
  EXPECT_THAT(text(at_the_door.at("error_message")), HasSubstr("disk space"));
  EXPECT_EQ(service->get("/health").at("status"), "ok");

  disk.make_room();
  EXPECT_EQ(other.start("other", small_width, small_height).at("type"), "session_started");
  EXPECT_EQ(other.frame(0, picture(0)).at("type"), "frame_ack");
  EXPECT_EQ(client.frame(next, picture(next)).at("status"), "received") << "the refused one, again";
  const json::object ended = client.end(next + 1);
  EXPECT_EQ(ended.at("validation").at("missing_frames"), 0);
  EXPECT_EQ(ended.at("validation").at("frame_count"), next + 1);
  client.signal(small_log());
  const json::object complete = client.receive("process_complete");
  EXPECT_EQ(complete.at("result").at("frames_analyzed"), next + 1);
  EXPECT_EQ(complete.at("result").at("undecodable_frames"), 0);
}

TEST_F(FullDisk, WhatIsAcknowledgedOutlivesAKill) {
  WebSocketClient client(service->port());
  const std::string token = text(client.start("full", small_width, small_height).at("resume_token"));
  ASSERT_TRUE(disk.fill(128 << 10));
  std::int64_t next = 0;
  fill_up(client, next);
  ASSERT_GT(next, 10);
  service->kill_and_start();
  disk.make_room();
  WebSocketClient again(service->port());
  again.send({{"type", "session_resume"}, {"session_id", "full"}, {"resume_token", token}});
  const json::object resumed = again.receive();
  ASSERT_EQ(resumed.at("type"), "session_resumed");
  EXPECT_EQ(resumed.at("ranges"), json::parse("[[0," + std::to_string(next - 1) + "]]"));
}

}  // namespace
}  // namespace piste::e2e
