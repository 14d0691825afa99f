#include "app/reanalyze_command.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <mutex>
#include <optional>
#include <thread>

#include "app/command_test.h"
#include "base/json_text.h"
#include "server/server.h"
#include "session/fake_engine.h"
#include "session/people.h"
#include "session/registry.h"
#include "session/session_file.h"

namespace piste::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

json::object decided(const std::string& winner, double confidence, bool review = false) {
  return {{"winner", winner}, {"confidence", confidence}, {"review", review}, {"human_verdict", nullptr}};
}

// Says of a film what is written in it: "left .8"; what is no call makes the analysis fail.
class ReadingEngine : public session::FakeEngine {
 public:
  pipeline::Result<pipeline::Outcome> analyze_file(
      const pipeline::PhraseSettings& settings, const std::filesystem::path& video, const std::string& log,
      const std::function<void(const pipeline::Progress&)>& /*on_progress*/,
      const std::function<bool()>& /*cancelled*/) override {
    std::ifstream film(video);
    std::string winner;
    double confidence = 0;
    film >> winner >> confidence;
    const std::scoped_lock lock(mutex_);
    logs.push_back(log);
    settings_seen.push_back(settings);
    if (confidence == 0) return pipeline::Error{pipeline::ErrorCode::video, "no frame in it"};
    const std::string result = base::json_text(json::object{{"decision", decided(winner, confidence)}});
    std::ofstream(settings.directory / "analysis_result.json") << result;
    return pipeline::Outcome{result, types::Winner::left, confidence, {}, 0, true, true};
  }

  std::vector<std::string> logs;
  std::vector<pipeline::PhraseSettings> settings_seen;

 private:
  std::mutex mutex_;
};

class ReanalyzeTest : public CommandTest {
 protected:
  ReanalyzeTest() : CommandTest("reanalyze", add_reanalyze_command) {
    limits.output_dir = folder.path() / "server";
    limits.min_free_disk_bytes = 0;
    std::filesystem::create_directories(limits.output_dir);
    std::filesystem::create_directories(folder / "kept");
    registry.emplace(engine, limits);
    server::Options options;
    options.port = 0;
    auto listening = server::Server::listen(options, *registry);
    if (!listening) throw std::runtime_error(listening.error().message);
    running = std::move(*listening);
    thread = std::thread([this] { running->run(); });
  }
  ~ReanalyzeTest() override {
    running->stop();
    running->stop();
    thread.join();
  }

  // A phrase's folder as a service leaves it; film: what the engine will say.
  std::filesystem::path phrase(const std::string& stamp, json::object decision, const std::string& film,
                               json::object told = {{"source", "log"}}) {
    const auto made = folder / "kept" / (stamp + "-0123456789abcdef");
    std::filesystem::create_directories(made);
    std::ofstream(made / "phrase.mkv") << film;
    std::ofstream(made / "phrase.txt") << "Phrase 1";
    write(made / "analysis_result.json", {{"decision", std::move(decision)},
                                          {"weapon", "foil"},
                                          {"phrase", std::move(told)},
                                          {"lamps", {{"where", "auto"}}},
                                          {"artifacts", {{"video", "phrase.mkv"}}}});
    return made;
  }
  static void write(const std::filesystem::path& path, const json::object& object) {
    std::ofstream(path) << base::json_text(object);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(running->port()); }
  int reanalyze(const std::string& since = "2026-11-01") {
    testing::internal::CaptureStdout();
    const int code =
        run(url() + " --since " + since + " --output-dir " + path("kept") + " --out " + path("out.json"));
    table = testing::internal::GetCapturedStdout();
    return code;
  }
  json::object comparison() const { return json::parse(content(folder / "out.json")).as_object(); }

  ReadingEngine engine;
  session::Limits limits;
  std::optional<session::Registry> registry;
  std::unique_ptr<server::Server> running;
  std::thread thread;
  std::string table;
};

TEST_F(ReanalyzeTest, WhatIsSaidNowStandsBesideWhatWasSaid) {
  const auto first = phrase("20261128T183000Z", decided("left", .8), "right 0.6");
  session::People people;
  people.verdicts.push_back({.winner = "right"});
  std::ofstream(first / "people.json") << session::print(people);
  phrase("20261128T183100Z", decided("left", .8), "left 0.9");
  phrase("20261128T183200Z", decided("none", .7), "none 0.7");
  EXPECT_EQ(reanalyze(), 0) << said;
  EXPECT_THAT(table,
              HasSubstr("20261128T183000Z-0123456789abcdef   left  0.80    right     right 0.60  changed\n"));
  EXPECT_THAT(table, HasSubstr("20261128T183100Z-0123456789abcdef   left  0.80              left  0.90\n"));
  EXPECT_THAT(table, Not(HasSubstr("20261128T183200Z"))) << "nothing to see";
  EXPECT_THAT(table,
              HasSubstr("3 phrases compared, the winner of 1 changed; of the others the confidence moved "
                        "by 0.050 on average, 0.100 at most\n"));
  EXPECT_THAT(table, HasSubstr("as a person said: 0 before and 1 now, of 1\n"));
  const auto all = comparison();
  EXPECT_EQ(all.at("compared"), 3);
  EXPECT_EQ(all.at("changed"), 1);
  const auto& one = all.at("phrases").at(0);
  EXPECT_EQ(one.at("person"), "right");
  EXPECT_EQ(one.at("before").at("winner"), "left");
  EXPECT_EQ(one.at("now").at("winner"), "right");
  EXPECT_EQ(one.at("confidence_moved"), nullptr) << "of another winner";
  EXPECT_NEAR(all.at("phrases").at(1).at("confidence_moved").to_number<double>(), .1, 1e-9);
}

TEST_F(ReanalyzeTest, TheServiceKeepsNothingOfIt) {
  phrase("20261128T183000Z", decided("left", .8), "right 0.6");
  EXPECT_EQ(reanalyze(), 0) << said;
  registry->sweep(std::chrono::steady_clock::now());
  for (const auto& entry : std::filesystem::directory_iterator(limits.output_dir))
    EXPECT_EQ(entry.path().filename().string().front(), '.') << entry.path();
}

TEST_F(ReanalyzeTest, WhatWasToldWithAPhraseIsToldAgain) {
  const auto marked = phrase("20261128T183000Z", decided("left", .8), "left 0.8");
  session::SessionRecord record;
  record.start.session_id = "final";
  record.start.marks.fencers = types::fencers_in("100,200,300,200");
  record.stage = session::SessionRecord::Stage::complete;
  std::ofstream(marked / "session.json") << session::print(record);
  phrase("20261128T183100Z", decided("left", .8), "left 0.8",
         {{"source", "hits"},
          {"touches",
           {{{"side", "left"}, {"time", 3.25}, {"valid", true}},
            {{"side", "right"}, {"time", 3.5}, {"valid", false}}}}});
  EXPECT_EQ(reanalyze(), 0) << said;
  ASSERT_EQ(engine.settings_seen.size(), 2u);
  const bool swapped = engine.settings_seen[0].hits.size() == 2;  // they are judged side by side
  const auto& with_log = engine.settings_seen[swapped ? 1 : 0];
  const auto& with_hits = engine.settings_seen[swapped ? 0 : 1];
  EXPECT_EQ(with_log.weapon, types::Weapon::foil);
  ASSERT_TRUE(with_log.marks.fencers);
  EXPECT_EQ(types::to_string(*with_log.marks.fencers), types::to_string(*record.start.marks.fencers));
  EXPECT_FALSE(with_log.save_overlay);
  EXPECT_THAT(engine.logs, testing::UnorderedElementsAre("Phrase 1", ""));
  ASSERT_EQ(with_hits.hits.size(), 2u);
  EXPECT_DOUBLE_EQ(with_hits.hits[0].time, 3.25);
  EXPECT_FALSE(with_hits.hits[1].valid);
}

TEST_F(ReanalyzeTest, WhatIsOlderIsLeftAlone) {
  phrase("20261127T235959Z", decided("left", .8), "right 0.6");
  phrase("20261128T120000Z", decided("left", .8), "right 0.6");
  EXPECT_EQ(reanalyze("2026-11-28"), 0) << said;
  EXPECT_EQ(comparison().at("compared"), 1);
  EXPECT_EQ(reanalyze("2026-11-28T12:00:01Z"), 1) << "there is none";
  EXPECT_EQ(comparison().at("compared"), 0);
}

TEST_F(ReanalyzeTest, WhatCannotBeJudgedIsSaidAndTheOthersAreCompared) {
  phrase("20261128T183000Z", decided("left", .8), "no film");
  phrase("20261128T183100Z", decided("left", .8), "left 0.8");
  std::filesystem::remove(phrase("20261128T183200Z", decided("left", .8), "left 0.8") / "phrase.mkv");
  std::ofstream(phrase("20261128T183300Z", decided("left", .8), "left 0.8") / "analysis_result.json") << "{}";
  const auto bout = phrase("20261128T183400Z", decided("left", .8), "left 0.8");
  session::SessionRecord record;
  record.start.session_id = "bout";
  record.start.bout = true;
  std::ofstream(bout / "session.json") << session::print(record);
  EXPECT_EQ(reanalyze(), 1);
  EXPECT_THAT(said, HasSubstr("20261128T183300Z-0123456789abcdef cannot be read"));
  EXPECT_THAT(table, HasSubstr("no frame in it"));
  EXPECT_THAT(table, HasSubstr("1 phrase compared"));
  EXPECT_THAT(table, HasSubstr("1 phrase could not be judged\n"));
  EXPECT_THAT(table, HasSubstr("left out: 1 whole bout, 1 without a video, 1 that cannot be read\n"));
  EXPECT_THAT(std::string(comparison().at("phrases").at(0).at("failure").as_string()),
              HasSubstr("no frame in it"));
}

// Whoever has the folder names what is sent to the service.
TEST_F(ReanalyzeTest, NothingButAPhrasesOwnFilesIsSent) {
  const auto made = phrase("20261128T183000Z", decided("left", .8), "left 0.8");
  for (const char* name : {"../secret", "/etc/passwd", ".upload", ".."}) {
    json::object result = json::parse(content(made / "analysis_result.json")).as_object();
    result["artifacts"].as_object()["video"] = name;
    write(made / "analysis_result.json", result);
    EXPECT_EQ(reanalyze(), 1) << name;
    EXPECT_THAT(table, HasSubstr("1 that cannot be read")) << name;
  }
}

TEST_F(ReanalyzeTest, WhatIsAskedWronglyIsTwo) {
  const std::string kept = " --output-dir " + path("kept");
  EXPECT_EQ(run(url() + " --since yesterday" + kept), 2);
  EXPECT_THAT(said, HasSubstr("--since must be a day or a moment of UTC: 2026-11-28"));
  EXPECT_EQ(run(url() + " --since 2026-11-28 --output-dir " + path("none")), 2);
  EXPECT_EQ(run("http:// --since 2026-11-28" + kept), 2);
}

TEST_F(ReanalyzeTest, AServiceThatIsNotThereIsSaidBeforeAnythingIsSent) {
  phrase("20261128T183000Z", decided("left", .8), "left 0.8");
  EXPECT_EQ(run(url() + " http://127.0.0.1:1 --since 2026-11-28 --output-dir " + path("kept")), 3);
  EXPECT_THAT(said, HasSubstr("127.0.0.1 port 1"));
  EXPECT_TRUE(engine.logs.empty());
}

}  // namespace
}  // namespace piste::app
