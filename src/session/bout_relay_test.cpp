// Without a conversation; what a client sees of it is in bout_session_test.cpp.
#include "session/bout_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session/fake_engine.h"
#include "session/registry_parts.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BoutRelayTest : public testing::Test {
 protected:
  BoutRelayTest() { limits_.output_dir = folder_.path(); }

  // A bout whose analysis has begun.
  struct Fencing {
    Fencing(RegistryParts& parts, SessionRecord made, std::shared_ptr<Channel> channel)
        : record(std::move(made)),
          store(parts.shared.store, std::move(*PhraseFolder::create(parts.shelf, record))),
          attachment(std::move(channel)),
          relay(parts.shared.bout, record, store, attachment) {
      store.begin_bout({}, {});
    }
    const SessionRecord record;
    PhraseStore store;
    Attachment attachment;
    BoutRelay relay;
  };
  Fencing fencing(const std::string& piste = "", bool bout = true) {
    SessionRecord record;
    record.owner = "club";
    record.start.session_id = "s";
    record.start.fps = 30;
    record.start.width = record.start.height = 64;
    record.start.bout = bout;
    record.start.piste = piste;
    return {parts(), record,
            std::make_shared<Channel>(
                Outbox{[this](std::string text, bool) { told_.push_back(std::move(text)); }, {}})};
  }
  RegistryParts& parts() {
    if (!parts_) parts_.emplace(engine_, limits_, limits_.shares(), recording::system_disk());
    return *parts_;
  }
  void hit(double at) { parts().pistes.tell("A", {boxes::Lamp{}, {at, .01}}); }
  std::vector<double> heard() {
    std::vector<double> times;
    for (const auto& [event, by] : engine_.bout().heard()) times.push_back(event.moment.at);
    return times;
  }

  FakeEngine engine_;
  std::vector<std::string> told_;

 private:
  const test::TempDir folder_;
  Limits limits_;
  std::optional<RegistryParts> parts_;
};

TEST_F(BoutRelayTest, ItsPistesBoxIsHeardOnceFromTheBeginningToTheStop) {
  auto bout = fencing("A");
  hit(1);
  bout.relay.listen();
  bout.relay.listen();
  hit(2);
  bout.relay.stop();
  hit(3);
  bout.relay.listen();
  EXPECT_THAT(heard(), ElementsAre(1, 2));
}

TEST_F(BoutRelayTest, WithoutAPisteNoBoxIsHeard) {
  auto bout = fencing();
  bout.relay.listen();
  hit(1);
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(BoutRelayTest, ATouchCountsWhileFramesCome) {
  auto bout = fencing();
  const auto answer = [&](Stage stage) {
    const auto taken = bout.relay.take({"s", types::Side::left, 5, true}, stage);
    return taken ? "taken" : taken.error().message;
  };
  EXPECT_THAT(answer(Stage::create), HasSubstr("before the first frame"));
  EXPECT_EQ(answer(Stage::receiving_frames), "taken");
  EXPECT_THAT(answer(Stage::frames_complete), HasSubstr("after session_end"));
  EXPECT_THAT(answer(Stage::processing), HasSubstr("after session_end"));
  EXPECT_EQ(bout.relay.take({}, Stage::cleanup).error().code, Refusal::gone);
  EXPECT_THAT(heard(), ElementsAre(5));
}

TEST_F(BoutRelayTest, ATouchIsRefusedWhereABoxTellsAndInAPhrase) {
  auto with_box = fencing("A");
  EXPECT_THAT(with_box.relay.take({}, Stage::receiving_frames).error().message, HasSubstr("box of piste A"));
  auto phrase = fencing("", false);
  EXPECT_THAT(phrase.relay.take({}, Stage::receiving_frames).error().message, HasSubstr("for a bout"));
}

TEST_F(BoutRelayTest, PhrasesAreToldBehindTheOneThatIsKnown) {
  auto bout = fencing();
  for (const int number : {1, 2, 3}) {
    pipeline::BoutPhrase phrase{number, 100, 104, {}, false, "", {}};
    phrase.outcome.result_json = "{}";
    engine_.bout().phrases.push_back(phrase);
  }
  bout.relay.tell_phrases(1);
  EXPECT_THAT(told_, ElementsAre(HasSubstr(R"("number":2)"), HasSubstr(R"("number":3)")));
}

TEST_F(BoutRelayTest, ThePicturesLagIsKnownToTheNextBoutOfItsOwnerThere) {
  auto first = fencing("A");
  first.relay.on_lag({.182, .009});
  pipeline::PhraseSettings there, elsewhere;
  fencing("A").relay.prepare(there);
  fencing("B").relay.prepare(elsewhere);
  ASSERT_TRUE(there.picture_lag);
  EXPECT_DOUBLE_EQ(there.picture_lag->seconds, .182);
  EXPECT_FALSE(elsewhere.picture_lag);
}

}  // namespace
}  // namespace piste::session
