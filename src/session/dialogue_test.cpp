// What cannot be told apart from outside; the messages are in conversation_test.cpp and its neighbours.
#include "session/dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "session/fake_engine.h"
#include "session/registry_parts.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

using testing::HasSubstr;

// The analysis needs no turn: it may end the phrase while the client's last word waits for its own.
TEST(DialogueTest, AnAbortThatTheResultOvertookIsToldAsNone) {
  const test::TempDir folder;
  const TimePoint now(std::chrono::hours(1000));
  Limits limits;
  limits.output_dir = folder.path();
  limits.min_free_disk_bytes = 0;
  FakeEngine engine;
  RegistryParts parts(engine, limits, limits.shares(), recording::system_disk());
  std::vector<std::string> said;
  Dialogue dialogue({parts.limits, parts.admission, parts.accounts, parts.counters, parts.tellers},
                    Outbox{[&](const std::string& text, bool) { said.push_back(text); }, [](int, auto) {}},
                    {});
  const auto say = [&](const char* text) { dialogue.on_text(Text(text), now); };
  say(R"({"type":"session_start","session_id":"s","fps":30,"width":64,"height":64})");
  say(R"({"type":"frame","frame_number":0,"timestamp":0})");
  dialogue.on_bytes({1, 2, 3}, now);
  say(R"({"type":"session_end","total_frames":1})");
  say(R"({"type":"signal","filename":"phrase.txt"})");
  dialogue.on_bytes({'P'}, now);
  const auto session = parts.seating.find({"", "s"});
  ASSERT_TRUE(session && session->processing());
  said.clear();

  auto turn = session->attachment().turn();
  auto aborting = std::async(std::launch::async, [&] { say(R"({"type":"session_abort"})"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // it waits for its turn
  engine.phrase().complete("{}");
  turn.unlock();
  aborting.get();
  EXPECT_THAT(said, testing::ElementsAre(HasSubstr("process_complete"), HasSubstr("NO_ACTIVE_SESSION")));
  dialogue.hang_up();
}

}  // namespace
}  // namespace piste::session
