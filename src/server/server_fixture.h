// What the server's tests share: a real server on a free port before a registry whose engine the test
// controls.
#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "server/server.h"
#include "session/fake_engine.h"
#include "session/registry.h"
#include "support/http_client.h"
#include "support/temp_dir.h"
#include "support/websocket_client.h"

namespace piste::server {

// Analyses of files wait while `hold` is set, and end early when cancelled.
class ControlledEngine : public session::FakeEngine {
 public:
  pipeline::Result<pipeline::Outcome> analyze_file(
      const pipeline::PhraseSettings& settings, const std::filesystem::path& video, const std::string& log,
      const std::function<void(const pipeline::Progress&)>& on_progress,
      const std::function<bool()>& cancelled) override {
    ++running;
    while (hold && !cancelled()) std::this_thread::yield();
    was_cancelled = cancelled();
    --running;
    const std::lock_guard lock(mutex_);
    return FakeEngine::analyze_file(settings, video, log, on_progress, cancelled);
  }

  std::atomic<bool> hold = false;
  std::atomic<int> running = 0;
  std::atomic<bool> was_cancelled = false;

 private:
  std::mutex mutex_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    limits.output_dir = folder.path();
    limits.min_free_disk_bytes = 0;
    options.port = 0;
    options.version = "1.2.3";
    options.models = {{"detector", "movenet-multipose"}};
    options.close_timeout = std::chrono::seconds(2);
  }
  ~ServerTest() override { stop(); }

  // Starts the server at first use, with the limits and options as they are then.
  std::uint16_t port() {
    if (!server) {
      registry.emplace(engine, limits, *disk);
      if (finds_left) registry->find_left();
      auto listening = Server::listen(options, *registry);
      if (!listening) throw std::runtime_error(listening.error().message);
      server = std::move(*listening);
      thread = std::thread([this] { server->run(); });
    }
    return server->port();
  }
  void stop() {
    if (!server) return;
    server->stop();
    server->stop();
    join();
  }
  void join() {
    if (thread.joinable()) thread.join();
  }
  // Busy waiting with the test's own time limit as the bound.
  template <class Condition>
  static void until(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }

  // A client whose phrase is complete and being analysed.
  std::unique_ptr<test::WebSocketClient> processing(const std::string& id = "s",
                                                    const std::string& target = "/stream") {
    auto client = std::make_unique<test::WebSocketClient>(port(), target);
    client->start(id, 640, 480);
    for (int i = 0; i < 10; ++i) client->frame(i, "picture");
    client->end(10);
    client->signal("Phrase 1");
    client->receive("process_start");
    return client;
  }

  recording::Disk* disk = &recording::system_disk();  // where a test has another; before the server starts
  bool finds_left = false;                            // what earlier runs have left
  test::TempDir folder;
  session::Limits limits;
  Options options;
  ControlledEngine engine;
  std::optional<session::Registry> registry;
  std::unique_ptr<Server> server;
  std::thread thread;
};

}  // namespace piste::server
