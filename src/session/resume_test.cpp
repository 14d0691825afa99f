// Sessions that lose their connection and go on over another.
#include <fstream>
#include <future>
#include <thread>

#include "session/conversation.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

constexpr const char* ended_code = "SESSION_RESUME_FAILED";

class Resume : public SessionTest {
 protected:
  // A session that has lost its connection after so many frames; its token.
  std::string lost_after(std::int64_t frames) {
    auto client = started();
    client->frames(0, frames);
    return client->token();
  }
};

TEST_F(Resume, GoesOnWhereTheConnectionWasLost) {
  const std::string token = lost_after(5);
  auto client = resumed(token);
  const auto answer = client->next();
  EXPECT_EQ(json::serialize(answer),
            R"({"type":"session_resumed","session_id":"s","state":"RECEIVING_FRAMES",)"
            R"("ranges":[[0,4]],"has_signal":false})");
  client->frame(4);
  EXPECT_EQ(client->next().at("status"), "duplicate");
  client->frames(5, 12);
  client->skip();
  client->end(12);
  EXPECT_EQ(client->next().at("validation").at("frame_count"), 12);
  client->signal();
  EXPECT_EQ(client->next_kind(), "signal_ack");
  EXPECT_EQ(client->next_kind(), "process_start");
  EXPECT_EQ(engine.phrases(), 1u) << "the analysis of the first five was not thrown away";
  EXPECT_EQ(engine.phrase().pushed.size(), 12u);
  engine.phrase().complete(R"({"winner":"left"})");
  EXPECT_EQ(client->next_kind(), "process_complete");
}

TEST_F(Resume, NobodyWaitsForALostPhraseSoOthersGoFirst) {
  const std::string token = lost_after(5);
  EXPECT_TRUE(engine.phrase().stands_back);
  auto client = resumed(token);
  EXPECT_FALSE(engine.phrase().stands_back);
}

TEST_F(Resume, NorDoesAnybodyWaitForOneThatIsBeingJudged) {
  auto client = processing();
  const std::string token = client->token();
  client->disconnect();
  EXPECT_TRUE(engine.phrase().stands_back);
  auto fresh = resumed(token);
  EXPECT_FALSE(engine.phrase().stands_back);
}

TEST_F(Resume, TheRangesNameWhatIsMissing) {
  auto client = started();
  for (const int number : {0, 1, 4, 7, 8}) client->frame(number);
  const std::string token = client->token();
  client->disconnect();
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,1],[4,4],[7,8]]"));
}

TEST_F(Resume, TheOldConnectionIsFencedOff) {
  auto old = started();
  old->frames(0, 3);
  old->frame_header(3);
  old->skip();
  auto fresh = resumed(old->token());
  EXPECT_EQ(fresh->next().at("ranges"), json::parse("[[0,2]]"));
  EXPECT_EQ(old->close_code(), 4001);
  old->binary("picture of the old connection");
  old->frame(4);
  old->end(5);
  old->abort();
  old->text("not even JSON");
  old->disconnect();
  EXPECT_EQ(old->waiting(), 0u);
  EXPECT_EQ(engine.phrase().pushed.size(), 3u) << "nothing that it still sends counts";
  EXPECT_FALSE(engine.phrase().cancelled());
  fresh->frame(3);
  EXPECT_EQ(fresh->next().at("status"), "received");
}

// It would speak for the session and could not be heard.
TEST_F(Resume, TheOldConnectionTakesNothingBack) {
  auto old = started();
  old->frames(0, 3);
  old->skip();
  auto fresh = resumed(old->token());
  old->resume("s", old->token());
  old->start("another");
  EXPECT_EQ(old->waiting(), 0u);
  EXPECT_EQ(registry().active(), 1u);
  EXPECT_FALSE(fresh->close_code());
  fresh->skip();
  fresh->frame(3);
  EXPECT_EQ(fresh->next().at("status"), "received");
}

TEST_F(Resume, AfterSessionEnd) {
  auto client = started();
  client->frames(0, 12);
  client->end(12);
  const std::string token = client->token();
  client->disconnect();
  auto fresh = resumed(token);
  const auto answer = fresh->next();
  EXPECT_EQ(answer.at("state"), "FRAMES_COMPLETE");
  EXPECT_EQ(answer.at("has_signal"), false);
  fresh->end(12);
  EXPECT_EQ(fresh->next_kind(), "session_ended")
      << "its answer may have been lost, so it may be asked for again";
  fresh->signal();
  EXPECT_EQ(fresh->next_kind(), "signal_ack");
}

TEST_F(Resume, WithASignalThatCameBeforeSessionEnd) {
  auto client = started();
  client->frames(0, 12);
  client->signal();
  const std::string token = client->token();
  client->disconnect();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("has_signal"), true);
  fresh->end(12);
  EXPECT_EQ(fresh->next_kind(), "session_ended");
  EXPECT_EQ(fresh->next_kind(), "process_start");
}

TEST_F(Resume, DuringTheAnalysisProgressAndResultGoToTheNewConnection) {
  auto client = processing();
  const std::string token = client->token();
  client->disconnect();
  engine.phrase().progress("yolo", 0.5);
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("state"), "PROCESSING");
  engine.phrase().progress("fisheye", 0.5);
  EXPECT_EQ(fresh->next().at("stage"), "fisheye");
  engine.phrase().complete("{}");
  EXPECT_EQ(fresh->next_kind(), "process_complete");
}

TEST_F(Resume, ADecisionThatIsOutAlreadyIsSentAgain) {
  auto client = processing();
  const std::string token = client->token();
  engine.phrase().progress("decision", 1, R"({"winner":"right"})");
  client->disconnect();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next_kind(), "session_resumed");
  EXPECT_EQ(fresh->next().at("decision").at("winner"), "right");
}

TEST_F(Resume, AResultThatCameMeanwhileIsSentAgain) {
  auto client = processing();
  const std::string token = client->token();
  client->disconnect();
  engine.phrase().complete(R"({"winner":"left"})");
  for (int round = 0; round < 2; ++round) {
    auto fresh = resumed(token);
    EXPECT_EQ(fresh->next().at("state"), "COMPLETE");
    EXPECT_EQ(fresh->next().at("result").at("winner"), "left");
    fresh->start(std::string("next").append(std::to_string(round)));
    EXPECT_EQ(fresh->next_kind(), "session_started") << "the connection is free for another phrase";
  }
}

TEST_F(Resume, AFailureThatCameMeanwhileIsToldUntilTheTimeout) {
  auto client = processing();
  const std::string token = client->token();
  client->disconnect();
  engine.phrase().fail("broken");
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("state"), "FAILED");
  EXPECT_EQ(fresh->next().at("error_message"), "broken");
  registry().sweep(now);
  pass(seconds(300));
  registry().sweep(now);
  EXPECT_EQ(resumed(token)->next_kind(), ended_code);
}

TEST_F(Resume, AResultIsReadFromItsFileWhenItIsNoLongerHeld) {
  auto client = processing();
  const std::string token = client->token();
  engine.phrase().complete(R"({"winner":"left"})");
  std::ofstream(engine.phrase().settings.directory / result_name) << R"({"winner":"left","from":"disk"})";
  registry().sweep(now);
  pass(seconds(300));
  registry().sweep(now);
  auto fresh = resumed(token);
  fresh->next();
  EXPECT_EQ(fresh->next().at("result").at("from"), "disk");
}

TEST_F(Resume, OnlyWithTheRightTokenAndTheRightOwner) {
  const std::string token = lost_after(5);
  const std::string other(token.size(), '0');
  for (const auto& [id, shown] :
       {std::pair<std::string, std::string>{"s", other}, {"t", token}, {"s", "x"}}) {
    auto stranger = resumed(shown, id);
    const auto error = stranger->next();
    EXPECT_EQ(error.at("error_code"), ended_code);
    EXPECT_EQ(error.at("recoverable"), false);
    EXPECT_FALSE(error.contains("retry_after"));
  }
  TestClient another(registry(), now, Caller{"another owner", "", 0});
  another.resume("s", token);
  EXPECT_EQ(another.next_kind(), ended_code);
  EXPECT_EQ(resumed(token)->next_kind(), "session_resumed");
}

TEST_F(Resume, TokensAreLongAndNeverTheSame) {
  auto one = started("one");
  auto two = started("two");
  EXPECT_THAT(one->token(), testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(one->token(), two->token());
}

TEST_F(Resume, AConnectionThatHasASessionCannotResumeAnother) {
  const std::string token = lost_after(5);
  auto busy = started("busy");
  busy->resume("s", token);
  const auto error = busy->next();
  EXPECT_EQ(error.at("error_code"), ended_code);
  EXPECT_EQ(error.at("recoverable"), true);
}

TEST_F(Resume, AMessageWithoutAToken) {
  auto client = connect();
  client->text(R"({"type":"session_resume","session_id":"s"})");
  EXPECT_THAT(std::string(client->next().at("error_message").as_string()), HasSubstr("resume_token"));
}

TEST_F(Resume, NotWhileAllSeatsAreTaken) {
  limits.max_sessions = 1;
  const std::string token = lost_after(5);
  auto other = started("other");
  auto refused = resumed(token);
  const auto error = refused->next();
  EXPECT_EQ(error.at("error_code"), ended_code);
  EXPECT_EQ(error.at("error_message"), "Maximum concurrent sessions reached");
  EXPECT_EQ(error.at("retry_after"), 5);
  other->abort();
  refused->resume("s", token);
  EXPECT_EQ(refused->next_kind(), "session_resumed");
  EXPECT_EQ(registry().active(), 1u);
}

TEST_F(Resume, NotOverASessionThatEndedByAnError) {
  auto client = started();
  const std::string token = client->token();
  client->text("not JSON");
  EXPECT_EQ(resumed(token)->next_kind(), ended_code);
}

TEST_F(Resume, NotAfterAnotherSessionHasTakenTheId) {
  const std::string token = lost_after(5);
  auto other = started("s");
  EXPECT_EQ(resumed(token)->next_kind(), ended_code);
  other->frame(0);
  EXPECT_EQ(other->next_kind(), "frame_ack") << "and the other is not disturbed";
}

TEST_F(Resume, AnAnalysisGoesOnWhenAnotherSessionTakesTheId) {
  auto first = processing();
  first->disconnect();
  auto second = processing();
  EXPECT_FALSE(engine.phrase(0).cancelled());
  engine.phrase(1).complete(R"({"of":"second"})");
  engine.phrase(0).complete(R"({"of":"first"})");
  auto fresh = resumed(second->token());
  fresh->next();
  EXPECT_EQ(fresh->next().at("result").at("of"), "second");
  stop();
  EXPECT_EQ(folders(), 2u) << "both results are kept";
}

TEST_F(Resume, BeyondTheLimitTheOldestThatIsNotEndedGoes) {
  limits.max_detached_sessions = 2;
  std::vector<std::string> tokens;
  for (const std::string id : {"ended", "old", "young"}) {
    pass(seconds(1));
    auto client = started(id);
    client->frames(0, 10);
    if (id == "ended") client->end(10);
    tokens.push_back(client->token());
  }
  EXPECT_EQ(resumed(tokens[1], "old")->next_kind(), ended_code);
  EXPECT_EQ(resumed(tokens[0], "ended")->next_kind(), "session_resumed");
  EXPECT_EQ(resumed(tokens[2], "young")->next_kind(), "session_resumed");
}

// Whose turn it is to go is asked while connections come and go.
TEST_F(Resume, BeyondTheLimitWhileTheOthersChange) {
  limits.max_detached_sessions = 3;
  limits.max_sessions = 40;
  registry();  // made before others use it
  std::vector<std::thread> clients;
  for (int number = 0; number < 4; ++number) {
    clients.emplace_back([this, number] {
      TimePoint time = now;
      for (int round = 0; round < 50; ++round) {
        const std::string id = std::to_string(number) + "-" + std::to_string(round % 5);
        time += std::chrono::milliseconds(7 * number + 1);
        TestClient client(registry(), time);
        client.start(id);
        client.next();
        client.frames(0, 2);
        if (round % 2 == 0) client.end(2);
        client.disconnect();
        TestClient again(registry(), time);
        again.resume(id, client.token());
      }
    });
  }
  for (auto& client : clients) client.join();
  std::size_t left = 0;
  for (int number = 0; number < 4; ++number) {
    for (int round = 0; round < 5; ++round) {
      const SessionKey key{"", std::to_string(number) + "-" + std::to_string(round)};
      left += registry().status(key, now).kind != Status::Kind::unknown;
    }
  }
  EXPECT_EQ(left, 3u);
}

TEST_F(Resume, AFrameInWorkIsHandledBeforeTheNewConnectionSpeaks) {
  for (int round = 0; round < 100; ++round) {
    auto old = started();
    const std::string token = old->token();
    std::thread sender([&] { old->frames(0, 50); });
    auto fresh = resumed(token);
    const auto ranges = fresh->next().at("ranges").as_array();
    const std::int64_t first = ranges.empty() ? 0 : ranges[0].as_array()[1].as_int64() + 1;
    fresh->frames(first, 50);
    sender.join();
    for (std::int64_t number = first; number < 50; ++number) {
      EXPECT_EQ(fresh->next().at("status"), "received") << "of frame " << number << ", told as missing";
    }
    fresh->abort();
  }
}

TEST_F(Resume, ManyConnectionsFightForOneSession) {
  auto first = started();
  const std::string token = first->token();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        auto client = resumed(token);
        client->frames(0, 5);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,4]]"));
  EXPECT_EQ(engine.phrase().pushed.size(), 5u);
}

TEST_F(Resume, TheStateCanBeAskedFor) {
  const SessionKey key{"", "s"};
  EXPECT_EQ(registry().status(key, now).kind, Status::Kind::unknown);
  auto client = started();
  client->frames(0, 12);
  const auto receiving = registry().status(key, now);
  EXPECT_EQ(receiving.kind, Status::Kind::receiving);
  EXPECT_EQ(json::parse(receiving.json).at("frames_received"), 12);
  EXPECT_EQ(json::parse(receiving.json).at("attached"), true);
  EXPECT_EQ(registry().result(key).error().code, Status::Kind::receiving);
  client->end(12);
  client->signal();
  client->disconnect();
  EXPECT_EQ(registry().result(key).error().code, Status::Kind::processing);
  EXPECT_EQ(json::parse(registry().status(key, now).json).at("attached"), false);
  engine.phrase().complete(R"({"winner":"left"})");
  EXPECT_EQ(registry().status(key, now).kind, Status::Kind::complete);
  EXPECT_EQ(registry().result(key).value(), R"({"winner":"left"})");
  EXPECT_EQ(registry().status({"another owner", "s"}, now).kind, Status::Kind::unknown);
}

TEST_F(Resume, TheStateNeverGoesBackWhileTheAnalysisEnds) {
  const SessionKey key{"", "s"};
  for (int round = 0; round < 200; ++round) {
    auto client = processing();
    FakePhrase& phrase = engine.phrase(engine.phrases() - 1);
    auto analysis = std::async(std::launch::async, [&] { phrase.complete("{}"); });
    auto status = registry().status(key, now).kind;
    auto result = registry().result(key);
    for (; !result && result.error().code == Status::Kind::processing; result = registry().result(key)) {
      EXPECT_TRUE(status == Status::Kind::processing || status == Status::Kind::complete);
      status = registry().status(key, now).kind;
    }
    analysis.get();
    ASSERT_TRUE(result) << "the result was not complete, in round " << round;
  }
}

}  // namespace
}  // namespace piste::session
