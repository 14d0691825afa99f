// Who waits for the disk holds up nobody else. All connections here are on one I/O thread.
#include <condition_variable>
#include <future>
#include <mutex>

#include "server/server_fixture.h"
#include "support/forwarding_disk.h"

namespace piste::server {
namespace {

using test::HttpClient;
using test::WebSocketClient;

// Works only while it is let.
class SlowDisk : public test::ForwardingDisk {
 public:
  enum class Call { sync, sync_folder, open_log };

  int sync(int file) override {
    wait(Call::sync);
    return ForwardingDisk::sync(file);
  }
  int sync_folder(const std::filesystem::path& path) override {
    wait(Call::sync_folder);
    return ForwardingDisk::sync_folder(path);
  }
  int open(const std::filesystem::path& path, int flags) override {
    if (path.filename() == "frames.log") wait(Call::open_log);
    return ForwardingDisk::open(path, flags);
  }

  void hold(Call call) {
    const std::scoped_lock lock(mutex_);
    held_ = call;
  }
  void await_calls(int count = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void let_go() {
    const std::scoped_lock lock(mutex_);
    held_.reset();
    changed_.notify_all();
  }

 private:
  void wait(Call call) {
    std::unique_lock lock(mutex_);
    if (held_ != call) return;
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Call> held_;
  int waiting_ = 0;
};

class WaitingTest : public ServerTest {
 protected:
  WaitingTest() {
    options.io_threads = 1;
    disk = &slow;
  }
  ~WaitingTest() override {
    slow.let_go();
    stop();
    server.reset();
    registry.reset();  // before its disk, and after the server, whose threads use it
  }
  // The thread answers, and the other connections' messages are handled.
  void expect_others_are_served() {
    HttpClient http(port());
    EXPECT_EQ(http.get("/health").result_int(), 200u);
    EXPECT_EQ(http.get("/streaming/stats").result_int(), 200u);
    EXPECT_EQ(http.get("/metrics").result_int(), 200u);
    EXPECT_EQ(http.get("/sessions").result_int(), 200u);
    WebSocketClient other(port());
    other.send({{"type", "ping"}, {"id", 7}});
    EXPECT_EQ(other.receive().at("type"), "pong");
  }

  SlowDisk slow;
};

TEST_F(WaitingTest, ForItsFrameToBeOnTheDisk) {
  limits.fsync = session::Fsync::frame;
  WebSocketClient client(port());
  client.start("s", 640, 480);
  slow.hold(SlowDisk::Call::sync);
  client.send_frame(0, "picture");
  slow.await_calls();
  expect_others_are_served();
  EXPECT_EQ(test::body_of(HttpClient(port()).get("/sessions/s")).at("frames_received"), 0)
      << "acknowledged only then";
  client.send_frame(1, "picture");
  slow.let_go();
  EXPECT_EQ(client.receive().at("frame_number"), 0);
  EXPECT_EQ(client.receive().at("frame_number"), 1);
}

TEST_F(WaitingTest, ForTheFolderThatIsBeingBroughtToTheDisk) {
  slow.hold(SlowDisk::Call::sync_folder);
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.frame(0, "picture");
  slow.await_calls();  // within the second
  EXPECT_EQ(client.frame(1, "picture").at("type"), "frame_ack") << "frames go on";
  client.send({{"type", "signal"}, {"session_id", "s"}});
  client.send_bytes("Phrase 1");
  expect_others_are_served();
  slow.let_go();
  EXPECT_EQ(client.receive().at("type"), "signal_ack");
  EXPECT_EQ(client.end(2).at("type"), "session_ended");
}

TEST_F(WaitingTest, ForTheFramesThatAreBeingBroughtToTheDisk) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  slow.hold(SlowDisk::Call::sync);
  client.frame(0, "picture");
  slow.await_calls();  // within the second
  EXPECT_EQ(client.frame(1, "picture").at("type"), "frame_ack") << "frames go on";
  expect_others_are_served();
  EXPECT_EQ(test::body_of(HttpClient(port()).get("/sessions/s")).at("frames_received"), 2);
  slow.let_go();
}

TEST_F(WaitingTest, ForAResultThatIsBeingBroughtToTheDisk) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.frame(0, "picture");
  client.end(1);
  slow.hold(SlowDisk::Call::sync);
  client.signal("Phrase 1");
  client.receive("process_start");
  engine.phrase().complete("{}");
  client.receive("process_complete");
  slow.await_calls();
  expect_others_are_served();
  EXPECT_EQ(HttpClient(port()).get("/sessions/s/result").result_int(), 200u);
  slow.let_go();
}

TEST_F(WaitingTest, ForALogThatIsBeingRead) {
  std::string token;
  {
    WebSocketClient client(port());
    token = std::string(client.start("s", 640, 480).at("resume_token").as_string());
    client.frame(0, "picture");
  }
  stop();
  server.reset();
  registry.reset();
  slow.hold(SlowDisk::Call::open_log);
  port();
  registry->find_left();
  WebSocketClient client(port());
  client.send({{"type", "session_resume"}, {"session_id", "s"}, {"resume_token", token}});
  slow.await_calls();
  expect_others_are_served();
  EXPECT_EQ(HttpClient(port()).get("/sessions/s/result").result_int(), 409u) << "it is known";
  slow.let_go();
  EXPECT_EQ(client.receive().at("type"), "session_resumed");
}

// What is told must be so: the acknowledgement goes out when the log is with the analysis.
TEST_F(WaitingTest, AnAnswerGoesOutBehindItsMessage) {
  std::promise<void> reached, released;
  engine.in_finish = [&] {
    reached.set_value();
    released.get_future().wait();
  };
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.frame(0, "picture");
  client.end(1);
  client.send_signal("Phrase 1");
  reached.get_future().wait();
  WebSocketClient other(port());
  other.send({{"type", "ping"}, {"id", 7}});
  EXPECT_EQ(other.receive().at("type"), "pong") << "so the I/O thread has done all that it had to do";
  EXPECT_EQ(client.stream().socket().available(), 0u);
  released.set_value();
  EXPECT_EQ(client.receive().at("type"), "signal_ack");
  EXPECT_EQ(client.receive().at("type"), "process_start");
}

TEST_F(WaitingTest, ManyMayDoSo) {
  limits.fsync = session::Fsync::frame;
  limits.max_sessions = 6;
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(port()));
    clients.back()->start(std::to_string(i), 640, 480);
  }
  slow.hold(SlowDisk::Call::sync);
  for (auto& client : clients) client->send_frame(0, "picture");
  slow.await_calls(6);
  expect_others_are_served();
  slow.let_go();
  for (auto& client : clients) EXPECT_EQ(client->receive().at("type"), "frame_ack");
}

}  // namespace
}  // namespace piste::server
