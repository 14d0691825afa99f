// The client loses no phrase, whatever becomes of the service that had it: its folder gone with it, its seat
// another's, stopped in order. The decision is the one of a phrase that nothing disturbed.
#include <boost/json/parse.hpp>
#include <csignal>

#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

class LostNode : public testing::Test {
 protected:
  LostNode() { start("first"); }

  // One after the other at the same address, each with a folder of its own or an older one's.
  void start(const std::string& name, const std::string& seats = "10") {
    node.reset();
    node = std::make_unique<test::Process>(
        test::Command{program("referee_service"),
                      {"--port", std::to_string(port), "--output-dir", (folder / name).string()},
                      {"REFEREE_MAX_STREAMING_SESSIONS=" + seats},
                      folder.path()});
    if (!node->await("Listening on ")) throw std::runtime_error("no service: " + node->err());
  }
  void kill() {
    node->signal(SIGKILL);
    node->wait();
  }
  void lose(const std::string& name) {
    kill();
    std::filesystem::remove_all(folder / name);
  }

  std::vector<std::string> streamed(const std::string& result) const {
    const std::string phrases = PISTE_PHRASES;
    return {"http://127.0.0.1:" + std::to_string(port),
            "--video",
            phrases + "/attack-from-right.mp4",
            "--signal",
            phrases + "/attack-from-right.txt",
            "--realtime",
            "--no-overlay",
            "--session-id",
            "piste-7",
            "--output",
            (folder / result).string()};
  }
  std::unique_ptr<test::Process> client() const {
    return std::make_unique<test::Process>(
        test::Command{program("referee_client_streaming"), streamed("result.json"), {}, {}});
  }
  json::object result(const std::string& name) const {
    return json::parse(test::read_file(folder / name)).as_object();
  }
  void expect_undisturbed(test::Process& client) {
    ASSERT_EQ(client.wait(), 0) << client.err();
    const json::object got = result("result.json");
    EXPECT_EQ(got.at("decision"), undisturbed().at("decision"));
    EXPECT_EQ(got.at("frames_analyzed"), undisturbed().at("frames_analyzed"));
    EXPECT_EQ(got.at("streaming_stats").at("missing_frames"), 0);
  }
  // Of the same phrase, from the service as it is now; once is enough for all tests.
  const json::object& undisturbed() const {
    static const json::object once = [this] {
      run("referee_client_streaming", streamed("undisturbed.json"));
      return result("undisturbed.json");
    }();
    return once;
  }

  static std::uint16_t free_port() {
    boost::asio::io_context context;
    return test::tcp::acceptor(context, test::local(0)).local_endpoint().port();
  }

  test::TempDir folder;
  const std::uint16_t port = free_port();
  std::unique_ptr<test::Process> node;
};

TEST_F(LostNode, AnotherAtItsAddressGetsAllFrames) {
  const auto streaming = client();
  ASSERT_TRUE(streaming->await("frames "));
  lose("first");
  start("second");
  ASSERT_TRUE(streaming->await("begins anew")) << streaming->err();
  expect_undisturbed(*streaming);
}

TEST_F(LostNode, AlsoDuringTheAnalysis) {
  const auto streaming = client();
  ASSERT_TRUE(streaming->await("The server analyses the phrase"));
  lose("first");
  start("second");
  expect_undisturbed(*streaming);
}

TEST_F(LostNode, WhoseSeatIsTakenComesBackOverAnotherConnection) {
  const auto streaming = client();
  ASSERT_TRUE(streaming->await("frames "));
  kill();
  streaming->signal(SIGSTOP);
  start("first", "1");
  WebSocketClient other(port);
  other.start("other", small_width, small_height);
  streaming->signal(SIGCONT);
  ASSERT_TRUE(streaming->await("Maximum concurrent sessions reached")) << streaming->err();
  other.send({{"type", "session_abort"}});
  ASSERT_TRUE(streaming->await("the session goes on")) << streaming->err();
  expect_undisturbed(*streaming);
}

TEST_F(LostNode, OneThatIsStoppedJudgesWhatItHas) {
  const auto streaming = client();
  ASSERT_TRUE(streaming->await("frames "));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  start("second");
  expect_undisturbed(*streaming);
  EXPECT_THAT(streaming->err(), testing::Not(HasSubstr("connection lost")));
}

}  // namespace
}  // namespace piste::e2e
