// The command-line clients against the real service: what they print, save, and end with.
#include <boost/json/parse.hpp>
#include <csignal>
#include <fstream>

#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

constexpr int verdict = 0;
constexpr int failed = 1;
constexpr int usage = 2;
constexpr int no_connection = 3;

class Clients : public SharedService<Clients> {
 protected:
  static std::string film() { return std::string(PISTE_PHRASES) + "/attack-from-right.mp4"; }
  static std::string log() { return std::string(PISTE_PHRASES) + "/attack-from-right.txt"; }
  // No one listens here: a port that was free a moment ago.
  static std::string nowhere() {
    boost::asio::io_context context;
    const test::tcp::acceptor taken(context, test::local(0));
    return "http://127.0.0.1:" + std::to_string(taken.local_endpoint().port());
  }
  std::string in_folder(const std::string& name) const { return (folder / name).string(); }

  test::TempDir folder;
};

TEST_F(Clients, TheGuidesAdvancedOptions) {
  const auto ended = run("referee_client_streaming",
                         {service().url(), "--video", film(), "--signal", log(), "--encoding", "jpeg",
                          "--jpeg-quality", "90", "--fps", "15", "--session-id", "custom_session_123",
                          "--output", in_folder("result.json"), "--verbose"});
  ASSERT_EQ(ended.code, verdict) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Winner:      right"));
  EXPECT_THAT(ended.out, HasSubstr("Reason:"));
  EXPECT_THAT(ended.out, HasSubstr("Artifacts:"));
  EXPECT_THAT(ended.err, HasSubstr("custom_session_123"));
  const json::object result = json::parse(test::read_file(folder / "result.json")).as_object();
  EXPECT_EQ(result.at("session_id"), "custom_session_123");
  EXPECT_EQ(result.at("winner"), "right");
  EXPECT_EQ(json::value(result),
            json::parse(test::read_file(std::filesystem::path(text(result.at("artifact_dir"))) /
                                        "analysis_result.json")));
}

TEST_F(Clients, FpsThrottlesAFile) {
  const auto ended =
      run("referee_client_streaming", {service().url(), "--video", film(), "--signal", log(), "--fps", "5",
                                       "--no-overlay", "--output", in_folder("result.json")});
  ASSERT_EQ(ended.code, verdict) << ended.err;
  const json::value result = json::parse(test::read_file(folder / "result.json"));
  EXPECT_NEAR(result.at("frames_analyzed").to_number<double>(),
              static_cast<double>(sample().jpegs.size()) / 3, 1);
}

TEST_F(Clients, RealtimeSendsAtThePhrasesOwnPace) {
  const auto begun = std::chrono::steady_clock::now();
  const auto ended = run("referee_client_streaming", {service().url(), "--video", film(), "--signal", log(),
                                                      "--realtime", "--no-overlay"});
  EXPECT_EQ(ended.code, verdict) << ended.err;
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4)) << "the phrase lasts 4.2 s";
  EXPECT_THAT(ended.err, testing::ContainsRegex("frames [0-9]+/[0-9]+ .* fps .*bit/s"));
}

TEST_F(Clients, UploadGetsTheVerdictOfTheStream) {
  const auto ended =
      run("referee_client", {service().url(), film(), log(), "--output", in_folder("result.json")});
  ASSERT_EQ(ended.code, verdict) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Winner:      right"));
  EXPECT_EQ(json::parse(test::read_file(folder / "result.json")).at("winner"), "right");
  const auto health = run("referee_client", {service().url(), "--health"});
  EXPECT_EQ(health.code, 0);
  EXPECT_EQ(json::parse(health.out).at("status"), "ok");
  for (const std::string& text : {test::read_file(folder / "result.json"), health.out})
    EXPECT_THAT(text, testing::Not(testing::ContainsRegex("[0-9]E[-0-9]"))) << "a number as nobody writes it";
}

TEST_F(Clients, TheSmartClientStreams) {
  const std::filesystem::path link = in_folder("link.json");
  std::filesystem::create_symlink(in_folder("kept.json"), link);
  const auto ended =
      run("smart_referee_client", {service().url(), film(), log(), "--no-overlay", "--output", link});
  EXPECT_EQ(ended.code, verdict) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("Using streaming mode"));
  EXPECT_THAT(ended.out, HasSubstr("Winner:      right"));
  EXPECT_TRUE(std::filesystem::is_symlink(link)) << "a link is followed, not replaced";
  EXPECT_EQ(json::parse(test::read_file(link)).at("winner"), "right");
}

TEST_F(Clients, AFailedAnalysisIsOne) {
  const std::string bad = in_folder("bad.txt");
  std::ofstream(bad) << "no log";
  const auto streamed =
      run("referee_client_streaming", {service().url(), "--video", film(), "--signal", bad});
  EXPECT_EQ(streamed.code, failed);
  EXPECT_THAT(streamed.err, HasSubstr("scoring log: " + bad));
  EXPECT_TRUE(service().becomes_idle()) << "its place is free at once, not after the session timeout";
  EXPECT_EQ(run("referee_client", {service().url(), film(), bad}).code, failed);
  EXPECT_EQ(run("smart_referee_client", {service().url(), film(), bad}).code, failed);
}

TEST_F(Clients, WrongUsageIsTwo) {
  const std::string url = service().url();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {url, "--video", film()},
           {url, "--signal", log()},
           {url, "--video", "/no/such.avi", "--signal", log()},
           {url, "--video", film(), "--signal", in_folder("none.txt")},
           {url, "--video", film(), "--signal", log(), "--encoding", "webp"},
           {url, "--video", film(), "--signal", log(), "--bitrate", "1000"},
           {url, "--video", film(), "--signal", log(), "--jpeg-quality", "101"},
           {url, "--video", film(), "--signal", log(), "--fps", "0"},
           {url, "--video", film(), "--signal", log(), "--camera", "0"},
           {url, "--video", film(), "--signal", log(), "--output", "/no/such/folder/result.json"},
           {url, "--video", film(), "--signal", log(), "--session-id", "../x"},
           {"gopher://x", "--video", film(), "--signal", log()}}) {
    const auto ended = run("referee_client_streaming", arguments);
    EXPECT_EQ(ended.code, usage) << testing::PrintToString(arguments);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
  EXPECT_EQ(run("referee_client", {url}).code, usage);
  EXPECT_EQ(run("smart_referee_client", {url}).code, usage);
}

TEST_F(Clients, NoConnectionIsThree) {
  const std::string url = nowhere();
  for (const auto& ended :
       {run("referee_client_streaming", {url, "--video", film(), "--signal", log(), "--reconnect-for", "0"}),
        run("referee_client", {url, film(), log()}), run("referee_client", {url, "--health"}),
        run("smart_referee_client", {url, film(), log()})}) {
    EXPECT_EQ(ended.code, no_connection);
    EXPECT_NE(ended.err, "");
  }
}

TEST_F(Clients, AServerThatIsNotThereYetIsWaitedFor) {
  const std::string url = nowhere();
  test::Process client({program("referee_client_streaming"),
                        {url, "--video", film(), "--signal", log(), "--no-overlay"},
                        {},
                        {}});
  ASSERT_TRUE(client.await("trying again for up to 60 s")) << client.err();
  const test::Process late({program("referee_service"),
                            {"--port", url.substr(url.rfind(':') + 1), "--output-dir", in_folder("phrases")},
                            {},
                            folder.path()});
  EXPECT_EQ(client.wait(), verdict) << client.err();
  EXPECT_THAT(client.out(), HasSubstr("Winner:      right"));
}

TEST_F(Clients, AServerWithoutASeatIsWaitedFor) {
  const Service small({}, {"REFEREE_MAX_STREAMING_SESSIONS=1"});
  WebSocketClient other(small.port());
  other.start("other", 640, 480);
  test::Process client({program("referee_client_streaming"),
                        {small.url(), "--video", film(), "--signal", log(), "--no-overlay"},
                        {},
                        {}});
  ASSERT_TRUE(client.await("Maximum concurrent sessions reached; asking again for up to 60 s"))
      << client.err();
  other.send({{"type", "session_abort"}});
  EXPECT_EQ(client.wait(), verdict) << client.err();
  EXPECT_THAT(client.out(), HasSubstr("Winner:      right"));
}

TEST_F(Clients, ALostConnectionIsThreeAndSaysWhatTheServerHas) {
  Service mortal;
  test::Process client(
      {program("referee_client_streaming"),
       {mortal.url(), "--video", film(), "--signal", log(), "--realtime", "--reconnect-for", "2"},
       {},
       {}});
  ASSERT_TRUE(client.await("frames "));
  mortal.process().signal(SIGKILL);
  EXPECT_EQ(client.wait(), no_connection);
  EXPECT_THAT(client.err(), HasSubstr("acknowledged"));
}

TEST_F(Clients, HelpGoesToStdout) {
  for (const char* name :
       {"referee_client_streaming", "referee_client", "smart_referee_client", "referee", "referee_service"}) {
    const auto ended = run(name, {"--help"});
    EXPECT_EQ(ended.code, 0) << name;
    EXPECT_NE(ended.out, "") << name;
    EXPECT_EQ(ended.err, "") << name;
  }
  const auto help = run("referee_client_streaming", {"--help"}).out;
  for (const char* option : {"--video", "--signal", "--camera", "--duration", "--session-id", "--encoding",
                             "--jpeg-quality", "--bitrate", "--fps", "--output", "--verbose"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

}  // namespace
}  // namespace piste::e2e
