// How sessions begin, idle, and end, and what they leave behind.
#include <fstream>
#include <future>
#include <thread>

#include "session/conversation.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Lifecycle : public SessionTest {
 protected:
  std::string state(const std::string& id = "s") {
    return std::string(session_stats(id).at("state").as_string());
  }
};

TEST_F(Lifecycle, GoesThroughTheGuidesStates) {
  auto client = started();
  EXPECT_EQ(state(), "CREATE");
  client->frame(0);
  EXPECT_EQ(state(), "RECEIVING_FRAMES");
  client->end(1);
  EXPECT_EQ(state(), "FRAMES_COMPLETE");
  client->signal();
  EXPECT_EQ(state(), "PROCESSING");
  engine.phrase().complete("{}");
  EXPECT_EQ(registry().active(), 0u) << "freed right after process_complete";
}

TEST_F(Lifecycle, AnIdleSessionTimesOut) {
  auto client = started();
  client->frame(0);
  client->skip();
  pass(seconds(299));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 1u);
  pass(seconds(31));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 0u);
  const auto error = client->next();
  EXPECT_EQ(error.at("type"), "error");
  EXPECT_EQ(error.at("error_message"), "Session timeout: no activity for 330 seconds");
  EXPECT_EQ(error.at("session_id"), "s");
  EXPECT_EQ(error.at("recoverable"), false);
  EXPECT_TRUE(client->close_code());
  client->disconnect();
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(Lifecycle, AnIdleSessionWhoseFramesAreCompleteTimesOutToo) {
  auto client = started();
  client->frames(0, 10);
  client->end(10);
  pass(seconds(300));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(Lifecycle, AnyMessageOrPingIsActivity) {
  auto client = started();
  const auto still_there = [&](const char* what) {
    pass(seconds(200));
    registry().sweep(now);
    EXPECT_EQ(registry().active(), 1u) << what;
  };
  still_there("start");
  client->text(R"({"type":"ping"})");
  still_there("a ping message");
  client->ping_frame();
  still_there("a WebSocket ping");
  client->frame_header(0);
  still_there("metadata");
  client->binary("picture");
  still_there("bytes");
  client->frame_header_as("-1");
  still_there("even a wrong one");
  pass(seconds(100));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(Lifecycle, ASessionThatIsAnalysedIsNotIdle) {
  auto client = processing();
  pass(seconds(3600));
  registry().sweep(now);
  EXPECT_EQ(registry().active(), 1u);
  engine.phrase().complete("{}");
  EXPECT_EQ(client->next_kind(), "process_complete");
}

TEST_F(Lifecycle, AfterTheTimeoutNewSessionsStart) {
  limits.max_sessions = 1;
  auto first = started("first");
  pass(seconds(300));
  registry().sweep(now);
  registry().sweep(now);
  auto second = started("second");
  first->skip();
  first->frame(0);
  EXPECT_EQ(first->next_kind(), "NO_ACTIVE_SESSION");
  EXPECT_EQ(first->waiting(), 0u);
}

TEST_F(Lifecycle, ATimeoutBetweenMetadataAndBytes) {
  auto client = started();
  client->frame_header(0);
  pass(seconds(300));
  registry().sweep(now);
  client->skip();
  client->binary("picture");
  EXPECT_EQ(client->next_kind(), "NO_ACTIVE_SESSION");
}

TEST_F(Lifecycle, ADisconnectGivesTheSeatAndTheIdToOthers) {
  limits.max_sessions = 1;
  auto client = started();
  client->frames(0, 5);
  client->disconnect();
  EXPECT_EQ(registry().active(), 0u);
  auto other = started("other");
  other->disconnect();
  auto again = started("s");  // as a client does that knows nothing of resuming
  again->frame(0);
  EXPECT_EQ(again->next().at("status"), "received") << "a session of its own";
}

TEST_F(Lifecycle, ASessionWithoutAConnectionTimesOut) {
  auto client = started();
  client->frames(0, 5);
  client->disconnect();
  pass(seconds(299));
  registry().sweep(now);
  EXPECT_FALSE(engine.phrase().cancelled());
  pass(seconds(1));
  registry().sweep(now);
  stop();
  EXPECT_TRUE(engine.phrase().cancelled());
  EXPECT_EQ(folders(), 0u);
}

TEST_F(Lifecycle, AnAbortDuringAnalysisDoesNotWaitForIt) {
  auto client = processing();
  {
    const auto frame_in_work = engine.phrase().hold_cancel();
    client->abort();  // would hang here if it cancelled on this thread
    EXPECT_EQ(registry().active(), 0u);
    auto next = started("next");
    next->frame(0);
    EXPECT_EQ(next->next_kind(), "frame_ack");
  }
  stop();
  EXPECT_TRUE(engine.phrase().cancelled());
}

TEST_F(Lifecycle, SessionsThatAreLeftDoNotPileUp) {
  std::size_t left = 0;
  {
    auto first = started("first");
    const auto frame_in_work = engine.phrase(0).hold_cancel();
    first->abort();
    for (bool taken = true; taken && left < 1000;) {
      auto client = connect();
      client->start("s" + std::to_string(left));
      const auto answer = client->next();
      taken = answer.at("type") == "session_started";
      if (!taken) {
        EXPECT_TRUE(answer.contains("retry_after"));
        break;
      }
      client->abort();
      ++left;
    }
    EXPECT_LT(left, 300u);
  }
  stop();
  ASSERT_EQ(engine.phrases(), left + 1);
  for (std::size_t i = 0; i <= left; ++i) {
    EXPECT_TRUE(engine.phrase(i).abandoned) << i;
    EXPECT_TRUE(engine.phrase(i).cancelled()) << i;
  }
  EXPECT_EQ(folders(), 0u);
}

TEST_F(Lifecycle, NothingIsSentAfterTheConnectionHasGone) {
  auto client = processing();
  client->disconnect();
  client->skip();
  engine.phrase().progress("decision", 1, "{}");
  engine.phrase().complete("{}");
  EXPECT_EQ(client->waiting(), 0u);
}

TEST_F(Lifecycle, AResultKeepsTheFolderWithoutTheFrameLog) {
  auto client = processing();
  const fs::path folder = engine.phrase().settings.directory;
  EXPECT_TRUE(fs::exists(folder / frame_log_name));
  std::ofstream(folder / "analysis_result.json") << "{}";
  engine.phrase().complete("{}");
  client->disconnect();
  stop();
  EXPECT_TRUE(fs::exists(folder / "analysis_result.json"));
  EXPECT_FALSE(fs::exists(folder / frame_log_name));
}

TEST_F(Lifecycle, WithoutAResultTheFolderGoes) {
  auto failed = processing("failed");
  engine.phrase(0).fail("broken");
  auto aborted = started("aborted");
  aborted->abort();
  auto wrong = started("wrong");
  wrong->text("not JSON");
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(Lifecycle, TheRegistryCancelsRunningSessionsAndKeepsThem) {
  auto receiving = started("receiving");
  auto analysed = processing("analysed");
  receiving->disconnect();
  analysed->disconnect();
  stop();
  EXPECT_TRUE(engine.phrase(0).cancelled());
  EXPECT_TRUE(engine.phrase(1).cancelled());
  EXPECT_EQ(folders(), 2u) << "for the next start";
}

TEST_F(Lifecycle, StoppingRefusesNewSessionsAndLetsRunningOnesFinish) {
  auto running = started("running");
  registry().refuse_new();
  auto late = connect();
  late->start("late");
  const auto error = late->next();
  EXPECT_EQ(error.at("error_code"), "SESSION_START_FAILED");
  EXPECT_EQ(error.at("error_message"), "Server is shutting down");
  running->frames(0, 10);
  running->end(10);
  running->signal();
  running->skip();
  engine.phrase().complete("{}");
  EXPECT_EQ(running->next_kind(), "process_complete");
}

TEST_F(Lifecycle, BeyondTheMemoryBudgetFramesAreOnlyOnDisk) {
  limits.max_memory_bytes = 1 << 20;
  auto client = started();
  for (int i = 0; i < 50; ++i) client->frame(i, std::string(100'000, static_cast<char>('a' + i % 26)));
  EXPECT_EQ(client->skip(), 50u);
  EXPECT_LE(stats().at("total_memory_mb").to_number<double>(), 1.0);
  EXPECT_LE(session_stats().at("memory_mb").to_number<double>(), 1.0);
  auto& phrase = engine.phrase();
  ASSERT_EQ(phrase.pushed.size(), 50u);
  EXPECT_TRUE(phrase.pushed[0].lease);
  EXPECT_FALSE(phrase.pushed[49].lease);
  EXPECT_FALSE(phrase.pushed[49].frame.bytes);
  EXPECT_EQ(*phrase.log.read(49)->bytes, bytes_of(std::string(100'000, static_cast<char>('a' + 49 % 26))));
  phrase.analyse_all();
  EXPECT_EQ(stats().at("total_memory_mb").to_number<double>(), 0);
  EXPECT_EQ(session_stats().at("memory_mb").to_number<double>(), 0);
}

TEST_F(Lifecycle, FramesFarAheadOfTheAnalysisAreOnlyOnDisk) {
  auto client = started();
  for (int i = 0; i < 50; ++i) client->frame(i, std::string(100'000, static_cast<char>('a' + i % 26)));
  EXPECT_EQ(client->skip(), 50u);
  EXPECT_LE(session_stats().at("memory_mb").to_number<double>(), 2.0);
  auto& phrase = engine.phrase();
  ASSERT_TRUE(phrase.pushed[0].frame.bytes);
  EXPECT_EQ(*phrase.pushed[0].frame.bytes, bytes_of(std::string(100'000, 'a')));
  EXPECT_FALSE(phrase.pushed[49].frame.bytes);
  phrase.analyse_all();
  client->frame(50, std::string(100'000, 'x'));
  ASSERT_TRUE(phrase.pushed[50].frame.bytes) << "the analysis has caught up";
}

TEST_F(Lifecycle, ManyClientsAtOnceFromManyThreads) {
  limits.max_sessions = 64;
  registry();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this, t] {
      for (int round = 0; round < 20; ++round) {
        std::string id = "t";
        id.append(std::to_string(t)).append("-").append(std::to_string(round));
        auto client = connect();
        client->start(id);
        client->frames(0, 10);
        if (round % 3 == 0) client->abort();
        if (round % 3 == 1) client->text("garbage");
        if (round % 2 == 0) client->disconnect();
      }
    });
  }
  std::atomic<bool> done{false};
  std::thread watcher([&] {
    while (!done) {
      registry().sweep(now);
      registry().stats_json(now);
    }
  });
  for (auto& thread : threads) thread.join();
  done = true;
  watcher.join();
  EXPECT_EQ(registry().active(), 0u);
  stop();
  EXPECT_EQ(folders(), 8u * 6u) << "those that nobody ended";
  EXPECT_EQ(engine.phrases(), 160u);
}

TEST_F(Lifecycle, AfterTheResultThereIsNothingToAbortAndAfterTheAbortNoResult) {
  auto late = processing("late");
  engine.phrase(0).complete("{}");
  late->abort();
  EXPECT_EQ(late->next_kind(), "process_complete");
  EXPECT_EQ(late->next_kind(), "NO_ACTIVE_SESSION");
  auto early = processing("early");
  early->abort();
  engine.phrase(1).complete("{}");
  EXPECT_EQ(early->next_kind(), "session_aborted");
  EXPECT_EQ(late->waiting() + early->waiting(), 0u);
}

// The client's last word, the analysis's end and the sweep may meet: one of them ends the session.
TEST_F(Lifecycle, EndsOnceWhoeverIsFirst) {
  for (int round = 0; round < 200; ++round) {
    auto client = processing();
    FakePhrase& phrase = engine.phrase(engine.phrases() - 1);
    auto analysis = std::async(std::launch::async, [&] { phrase.complete("{}"); });
    client->abort();
    analysis.get();
    const std::string first = client->next_kind();
    if (first == "process_complete") {
      EXPECT_EQ(client->next_kind(), "NO_ACTIVE_SESSION");
    } else {
      EXPECT_EQ(first, "session_aborted");
    }
    EXPECT_EQ(client->waiting(), 0u);
    EXPECT_EQ(registry().active(), 0u);
  }
}

}  // namespace
}  // namespace piste::session
