// Callers with tokens: each owner has session ids, statistics and a number of places of its own.
#include "session/conversation.h"
#include "session/test_client.h"
#include "session/upload.h"

namespace piste::session {
namespace {

class Owners : public SessionTest {
 protected:
  std::unique_ptr<TestClient> client_of(const std::string& owner, std::size_t max_sessions = 0) {
    return std::make_unique<TestClient>(registry(), now, Caller{owner, "192.0.2.1", max_sessions});
  }
  json::object stats_of(const std::string& owner) {
    return json::parse(registry().stats_json(now, owner)).as_object();
  }
};

TEST_F(Owners, MayUseTheSameSessionId) {
  const auto one = client_of("salle-a");
  const auto other = client_of("salle-b");
  one->start("final");
  EXPECT_EQ(one->next().at("type"), "session_started");
  other->start("final");
  EXPECT_EQ(other->next().at("type"), "session_started");
  one->frame(0);
  EXPECT_EQ(one->next().at("type"), "frame_ack");
  EXPECT_EQ(stats_of("salle-a").at("total_frames"), 1);
  EXPECT_EQ(stats_of("salle-b").at("total_frames"), 0);
}

TEST_F(Owners, SeeTheirOwnSessionsOnly) {
  const auto one = client_of("salle-a");
  one->start("final");
  EXPECT_EQ(stats_of("salle-a").at("active_sessions"), 1);
  EXPECT_EQ(stats_of("salle-b").at("active_sessions"), 0);
  EXPECT_TRUE(stats_of("salle-b").at("sessions").as_object().empty());
  EXPECT_EQ(registry().active(), 1u);
}

TEST_F(Owners, HaveAsManyPlacesAsTheirTokenSays) {
  const auto first = client_of("salle-a", 1);
  const auto second = client_of("salle-a", 1);
  const auto other = client_of("salle-b", 1);
  first->start("one");
  EXPECT_EQ(first->next().at("type"), "session_started");
  second->start("two");
  const auto refused = second->next();
  EXPECT_EQ(refused.at("error_code"), "SESSION_START_FAILED");
  EXPECT_EQ(refused.at("error_message"), "Maximum concurrent sessions of this token reached (1)");
  EXPECT_FALSE(Upload::begin(registry(), now, {"salle-a", "", 1}));
  other->start("two");
  EXPECT_EQ(other->next().at("type"), "session_started");
  first->abort();
  second->start("two");
  EXPECT_EQ(second->next().at("type"), "session_started");
}

// Phrases that were left are judged all the same, but not any number of them.
class LeftPhrases : public SessionTest {
 protected:
  // Streams a phrase up to its analysis and goes; what its session_start was answered with.
  std::string leave(const std::string& id, Caller caller) {
    TestClient client(registry(), now, std::move(caller));
    client.start(id);
    std::string answer = client.next_kind();
    if (answer != "session_started") return answer;
    client.frames(0, 12);
    client.end(12);
    client.signal();
    client.disconnect();
    return answer;
  }
  static constexpr const char* here = "192.0.2.1";
};

TEST_F(LeftPhrases, OfOneClientAreHalfOfWhatThereMayBe) {
  limits.max_left_phrases = 4;
  EXPECT_EQ(leave("a", {"", here}), "session_started");
  EXPECT_EQ(leave("b", {"", here}), "session_started");
  EXPECT_EQ(leave("c", {"", here}), "SESSION_START_FAILED");
  EXPECT_EQ(leave("c", {"", "192.0.2.2"}), "session_started") << "others are let in";
  engine.phrase(0).complete("{}");
  EXPECT_EQ(leave("d", {"", here}), "session_started") << "when one is done";
  EXPECT_EQ(registry().held(Holding::left_phrase), 3u);
}

TEST_F(LeftPhrases, OfATokenAreAsManyAsItMayHaveSessions) {
  EXPECT_EQ(leave("a", {"salle-a", here, 1}), "session_started");
  EXPECT_EQ(leave("b", {"salle-a", here, 1}), "SESSION_START_FAILED");
}

TEST_F(LeftPhrases, AreNoneAnyMoreWhenTheyAreResumed) {
  limits.max_left_phrases = 2;
  auto client = processing();
  const std::string token = client->token();
  client->disconnect();
  EXPECT_EQ(registry().held(Holding::left_phrase), 1u);
  EXPECT_TRUE(engine.phrase().stands_back) << "those with a connection go first";
  const auto fresh = resumed(token);
  EXPECT_EQ(registry().held(Holding::left_phrase), 0u);
  EXPECT_FALSE(engine.phrase().stands_back);
}

}  // namespace
}  // namespace piste::session
