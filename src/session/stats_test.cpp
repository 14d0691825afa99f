// GET /streaming/stats.
#include "session/conversation.h"
#include "session/counters.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using std::chrono::milliseconds;

class Stats : public SessionTest {};

TEST_F(Stats, WithoutSessions) {
  limits.max_sessions = 7;
  EXPECT_EQ(
      registry().stats_json(now),
      R"({"active_sessions":0,"max_sessions":7,"total_memory_mb":0,"max_memory_mb":2048,"total_frames":0,"streaming_enabled":true,)"
      R"("sessions":{}})");
}

TEST_F(Stats, TheGuidesFieldsAndMore) {
  auto client = started("session_1", R"(,"expected_frames":1800)");
  for (const int number : {0, 1, 4, 3, 3}) client->frame(number, std::string(1 << 18, 'x'));
  client->frame(2, "BAD");
  pass(milliseconds(62'300));
  client->frame_header(9, R"(,"size":1)");
  client->binary("picture");
  pass(milliseconds(1'500));
  auto other = started("session_2");

  const auto all = stats();
  EXPECT_EQ(all.at("active_sessions"), 2);
  EXPECT_EQ(all.at("max_sessions"), 10);
  EXPECT_EQ(all.at("max_memory_mb"), 2048);
  EXPECT_EQ(all.at("total_frames"), 5);
  EXPECT_NEAR(all.at("total_memory_mb").to_number<double>(), 1.0, 0.01);

  const auto session = session_stats("session_1");
  EXPECT_EQ(session.at("session_id"), "session_1");
  EXPECT_EQ(session.at("state"), "RECEIVING_FRAMES");
  EXPECT_EQ(session.at("fps"), 30);
  EXPECT_EQ(session.at("width"), 1280);
  EXPECT_EQ(session.at("height"), 720);
  EXPECT_EQ(session.at("expected_frames"), 1800);
  EXPECT_EQ(session.at("frames_received"), 5);
  EXPECT_EQ(session.at("duplicate_frames"), 1);
  EXPECT_EQ(session.at("out_of_order_frames"), 1);
  EXPECT_EQ(session.at("missing_frames"), 5) << "2 and 5 to 8 of 0 to 9";
  EXPECT_EQ(session.at("rejected_frames"), 1);
  EXPECT_EQ(session.at("size_mismatches"), 1);
  EXPECT_EQ(session.at("bytes_received"), 4 * (1 << 18) + 7);
  EXPECT_EQ(session.at("has_signal"), false);
  EXPECT_NEAR(session.at("memory_mb").to_number<double>(), 1.0, 0.01);
  EXPECT_EQ(session.at("frames_waiting"), 5);
  EXPECT_EQ(session.at("duration_seconds").to_number<double>(), 63.8);
  EXPECT_EQ(session.at("idle_seconds").to_number<double>(), 1.5);
  EXPECT_TRUE(session_stats("session_2").at("expected_frames").is_null());
}

// Seconds counted as saved by a phrase of two seconds whose frames came in within `lasted`.
TEST_F(Stats, TimeIsSavedByWhatIsStreamedWhileItIsFenced) {
  const auto saved_by = [&](milliseconds lasted) {
    const auto before = registry().counters().milliseconds_saved.value();
    auto client = started();
    client->frames(0, 30);
    pass(lasted);
    client->frames(30, 60);
    client->end(60);
    client->signal();
    engine.phrase(engine.phrases() - 1).complete(R"({"winner":"left"})");
    return registry().counters().milliseconds_saved.value() - before;
  };
  EXPECT_EQ(saved_by(milliseconds(2'000)), 2'000u);
  EXPECT_EQ(saved_by(milliseconds(1'950)), 2'000u) << "the first frames came late";
  EXPECT_EQ(saved_by(milliseconds(20'000)), 2'000u) << "a slow link saves no more";
  EXPECT_EQ(saved_by(milliseconds(100)), 0u) << "a file";
}

TEST_F(Stats, HasSignal) {
  auto client = started();
  client->frame(0);
  client->signal();
  EXPECT_EQ(session_stats().at("has_signal"), true);
}

TEST_F(Stats, AnyIdIsValidJson) {
  auto client = connect();
  client->text(R"({"type":"session_start","session_id":"a \"quoted\" é","fps":30,"width":64,"height":64})");
  EXPECT_EQ(client->next_kind(), "session_started");
  EXPECT_EQ(session_stats("a \"quoted\" é").at("frames_received"), 0);
}

}  // namespace
}  // namespace piste::session
