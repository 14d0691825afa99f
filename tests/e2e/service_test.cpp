// referee_service as its operator meets it: settings, start, stop. And `referee analyze`, the same without a
// server.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <csignal>

#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServiceSettings : public testing::Test {};

TEST_F(ServiceSettings, ComeFromVariablesAndFlagsAndFlagsWin) {
  const std::vector<std::string> environment{"REFEREE_MAX_STREAMING_SESSIONS=3",
                                             "REFEREE_MAX_STREAMING_MEMORY_MB=77"};
  const Service service({"--max-sessions", "4"}, environment);
  EXPECT_EQ(service.stats().at("max_sessions"), 4);
  EXPECT_EQ(service.stats().at("max_memory_mb").to_number<double>(), 77);
  const auto printed = run("referee_service", {"--max-sessions", "4", "--print-config"}, environment);
  EXPECT_EQ(printed.code, 0);
  EXPECT_THAT(printed.out, HasSubstr("REFEREE_MAX_STREAMING_SESSIONS=4\n"));
  EXPECT_THAT(printed.out, HasSubstr("REFEREE_MAX_STREAMING_MEMORY_MB=77\n"));
  EXPECT_THAT(printed.out, HasSubstr("REFEREE_STREAMING_SESSION_TIMEOUT=300\n"));
}

TEST_F(ServiceSettings, ABadOneStopsTheStartAndIsNamed) {
  for (const auto& [setting, value] :
       std::vector<std::pair<std::string, std::string>>{{"REFEREE_PORT", "99999"},
                                                        {"REFEREE_MAX_STREAMING_SESSIONS", "many"},
                                                        {"REFEREE_MAX_STREAMING_MEMORY_MB", "-1"},
                                                        {"REFEREE_STREAMING_SESSION_TIMEOUT", "0"},
                                                        {"REFEREE_LOG_LEVEL", "LOUD"},
                                                        {"REFEREE_WEAPON", "axe"},
                                                        {"REFEREE_YOLO_MODEL", "/no/such.onnx"},
                                                        {"REFEREE_MODELS_DIR", "/no/such"},
                                                        {"REFEREE_OUTPUT_DIR", "/proc/none"}}) {
    const auto ended = run("referee_service", {},
                           {setting + "=" + value, setting == "REFEREE_PORT" ? "X=" : "REFEREE_PORT=0"});
    EXPECT_EQ(ended.code, 2) << setting;
    EXPECT_THAT(ended.err, HasSubstr(setting));
    EXPECT_EQ(ended.out, "");
  }
  for (const auto& [option, file] : std::vector<std::pair<std::string, std::string>>{
           {"--lens", "/no/such/lens"}, {"--tokens-file", "/no/such/tokens"}}) {
    const auto ended = run("referee_service", {"--port", "0", option, file});
    EXPECT_EQ(ended.code, 2) << option;
    EXPECT_THAT(ended.err, HasSubstr(file));
  }
  const auto flag = run("referee_service", {"--port", "many"});
  EXPECT_EQ(flag.code, 2);
  EXPECT_THAT(flag.err, HasSubstr("--port"));
}

TEST_F(ServiceSettings, APortInUseStopsTheStart) {
  const Service first;
  const auto second = run("referee_service", {"--port", std::to_string(first.port())});
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(first.port())));
}

TEST_F(ServiceSettings, TheLogLevelLeavesOut) {
  const Service quiet({"--log-level", "ERROR"});
  WebSocketClient(quiet.port()).close();
  EXPECT_THAT(quiet.log(), Not(HasSubstr("WebSocket connection accepted")));
  Service talkative({}, {"REFEREE_LOG_LEVEL=DEBUG"});
  WebSocketClient(talkative.port()).close();
  EXPECT_TRUE(talkative.process().await("WebSocket connection accepted"));
}

TEST_F(ServiceSettings, AnUploadOverTheLimitGets413) {
  const Service small({"--max-upload-mb", "1"});
  const auto response =
      test::post_form(small.port(), "/analyze",
                      {{"video", std::string(2 << 20, 'x'), "a.avi"}, {"signal", small_log(), "a.txt"}});
  EXPECT_EQ(response.result_int(), 413U);
}

TEST_F(ServiceSettings, LowDiskSpaceRefusesASession) {
  const Service full({"--min-free-disk-mb", "1000000000"});
  WebSocketClient client(full.port());
  const json::object refused = client.start("s", small_width, small_height);
  EXPECT_EQ(refused.at("error_code"), "SESSION_START_FAILED");
  EXPECT_EQ(test::HttpClient(full.port()).get("/health").result_int(), 200U);
}

// A service that began under `referee_service 2>&1 | tee log`, and whose tee has ended.
TEST(ServiceLog, WhoeverReadsItMayEnd) {
  const test::TempDir folder;
  test::Process service({"bash",
                         {"-c", "exec \"$0\" --port 0 2> >(exec true)", program("referee_service").string()},
                         {"REFEREE_OUTPUT_DIR=" + folder.path().string()},
                         {}});
  ASSERT_TRUE(service.await("Listening on "));
  const std::string line = service.out();
  const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  for (const auto* id : {"one", "two", "three"}) {
    WebSocketClient client(port);
    EXPECT_EQ(client.start(id, small_width, small_height).at("type"), "session_started");
    EXPECT_EQ(client.frame(0, small_jpeg(0)).at("status"), "received");
  }
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

// What these tests themselves start has nothing of theirs.
TEST(Programs, DoNotKeepAConnectionOpenThatIsClosedHere) {
  std::array<int, 2> connection{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, connection.data()), 0);
  const test::Process program({.program = "sleep", .arguments = {"60"}, .environment = {}, .directory = {}});
  ::close(connection[1]);
  pollfd peer{connection[0], POLLIN, 0};
  EXPECT_EQ(::poll(&peer, 1, 5000), 1) << "the peer does not hear of it";
  ::close(connection[0]);
}

class ServiceStop : public testing::Test {
 protected:
  static std::unique_ptr<WebSocketClient> with_frames(const Service& service) {
    auto client = std::make_unique<WebSocketClient>(service.port());
    client->start("running", small_width, small_height);
    for (int i = 0; i < 10; ++i) client->frame(i, small_jpeg(i));
    return client;
  }
};

TEST_F(ServiceStop, SigtermLetsARunningPhraseFinishAndTakesNoNewOne) {
  Service service;
  const auto running = with_frames(service);
  WebSocketClient late(service.port());
  service.process().signal(SIGTERM);
  EXPECT_EQ(late.wait_close(), 1012);
  EXPECT_EQ(test::HttpClient(service.port()).get("/health").result_int(), 503U);
  running->end(10);
  running->signal(small_log());
  EXPECT_TRUE(running->receive("process_complete").contains("result"));
  EXPECT_EQ(service.process().wait(), 0);
  EXPECT_THAT(service.log(), HasSubstr("Stopped"));
}

TEST_F(ServiceStop, ASecondSigtermDoesNotWait) {
  Service service({"--stop-timeout", "3600"});
  const auto running = with_frames(service);
  service.process().signal(SIGTERM);
  ASSERT_TRUE(service.process().await("Stopping"));
  service.process().signal(SIGTERM);
  EXPECT_EQ(running->wait_close(), 1012);
  EXPECT_EQ(service.process().wait(), 0);
  std::vector<std::string> kept;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(service.output()))
    if (entry.is_regular_file()) kept.push_back(entry.path().filename().string());
  EXPECT_THAT(kept, testing::IsSupersetOf({"frames.log", "session.json"}))
      << "what was acknowledged is there for the next start";
}

TEST_F(ServiceStop, AfterTheStopTimeoutSessionsAreCancelled) {
  Service service({"--stop-timeout", "0"});
  const auto running = with_frames(service);
  service.process().signal(SIGINT);
  EXPECT_EQ(running->wait_close(), 1012);
  EXPECT_EQ(service.process().wait(), 0);
}

class Analyze : public testing::Test {
 protected:
  static inline const std::string film = std::string(PISTE_PHRASES) + "/attack-from-right.mp4";
  static inline const std::string log = std::string(PISTE_PHRASES) + "/attack-from-right.txt";
  test::TempDir folder;
};

TEST_F(Analyze, PrintsOnlyTheResult) {
  const auto ended = run("referee", {"analyze", film, log, "--out", (folder / "out").string(),
                                     "--include-keypoints", "--verbose"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const json::object result = json::parse(ended.out).as_object();
  EXPECT_EQ(result.at("winner"), "right");
  EXPECT_TRUE(result.contains("keypoints"));
  EXPECT_NE(ended.err, "");
  for (const char* name : {"overlay.mp4", "keypoints.xlsx", "analysis_result.json", "phrase.txt"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / "out" / name)) << name;
  }
}

TEST_F(Analyze, SaysWhatIsWrong) {
  EXPECT_EQ(run("referee", {"analyze"}).code, 2);
  const auto unknown = run("referee", {"judge"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("judge"));
  const auto nothing = run("referee", {});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("analyze"));
  EXPECT_EQ(run("referee", {"analyze", film, "/no/such.txt"}).code, 2);
  const std::string out = (folder / "out").string();
  const auto bad = run("referee", {"analyze", log, log, "--out", out});
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.out, "");
  EXPECT_NE(bad.err, "");
  EXPECT_EQ(run("referee", {"analyze", film, film, "--out", out}).code, 1);
  EXPECT_EQ(run("referee", {"analyze", film, log, "--out", out}, {"REFEREE_WEAPON=axe"}).code, 2);
}

}  // namespace
}  // namespace piste::e2e
