// Films without drawings, as sessions have them made.
#include <chrono>
#include <thread>

#include "session/killed_test.h"
#include "session/phrase_folder.h"

namespace piste::session {
namespace {

using Films = FakeEngine::Films;
namespace fs = std::filesystem;

class CleanFilmsTest : public KilledTest {
 protected:
  void judge(const std::string& id, const std::string& more = "") {
    auto client = started(id, more);
    client->frames(0, 10);
    client->end(10);
    client->signal();
    engine.phrase(engine.phrases() - 1).complete("{}");
  }
  bool comes(const fs::path& file) {
    for (int i = 0; i < 5000 && !fs::exists(file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return fs::exists(file);
  }
};

TEST_F(CleanFilmsTest, OneIsMadeOfEachPhraseThatIsOverUnlessNoFilmIsWanted) {
  engine.films = Films::made;
  judge("unseen", R"(,"save_overlay":false)");
  judge("seen");
  EXPECT_TRUE(comes(engine.phrase(1).settings.directory / "clean.mp4"));
  EXPECT_FALSE(fs::exists(engine.phrase(0).settings.directory / "clean.mp4"));
}

TEST_F(CleanFilmsTest, OfABoutsPhrasesTooWhileItGoesOn) {
  engine.films = Films::made;
  const auto client = started("bout", R"(,"mode":"bout")");
  client->frames(0, 12);
  pipeline::BoutPhrase phrase{1, 100.5, 104, {{types::Side::left, 103.2, true}}, false, "phrase-01", {}};
  phrase.outcome.result_kept = phrase.outcome.video_kept = true;
  const fs::path folder = engine.bout().settings.directory;
  ASSERT_TRUE(PhraseFolder::mark_stored(folder, {}));
  engine.bout().judge(phrase);
  EXPECT_TRUE(comes(folder / "phrase-01/clean.mp4"));
  for (int i = 0; i < 5000 && PhraseFolder::is_stored(folder); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(PhraseFolder::come_since_stored(folder), "phrase-01/clean.mp4\n");
}

TEST_F(CleanFilmsTest, NobodyWaitsForOne) {
  engine.films = Films::for_ever;
  judge("first");
  EXPECT_TRUE(comes(engine.phrase(0).settings.directory / "begun"));
  judge("second");
  EXPECT_EQ(registry().active(), 0u);
  stop();
}

}  // namespace
}  // namespace piste::session
