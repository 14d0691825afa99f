// The programs as they are built, and a running service.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/http_client.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/websocket_client.h"

namespace piste::e2e {

namespace json = boost::json;
using test::WebSocketClient;

std::filesystem::path program(const std::string& name);

// Runs one of the programs to its end.
test::Ended run(const std::string& name, std::vector<std::string> arguments,
                std::vector<std::string> environment = {});

// referee_service on a free port of 127.0.0.1, with a folder of its own (output: or this one).
class Service {
 public:
  explicit Service(std::vector<std::string> flags = {}, std::vector<std::string> environment = {},
                   std::filesystem::path output = {});

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  const std::filesystem::path& output() const { return output_; }
  test::Process& process() { return *process_; }
  // kill -9, and another one on the same folder. Its port is another.
  void kill_and_start();
  std::string log() const { return process_->out() + process_->err(); }

  json::object get(const std::string& target) const;
  json::object stats() const { return get("/streaming/stats"); }
  // Waits until no session is active: they are freed right before their last message or with their
  // connection, so this is a matter of moments.
  bool becomes_idle() const;
  // Whether a text that a client got is free of this machine's folders.
  bool hides_paths(const std::string& text) const;

 private:
  void start();

  test::TempDir folder_;
  std::filesystem::path output_;
  test::Command command_;
  std::unique_ptr<test::Process> process_;
  std::uint16_t port_ = 0;
};

// Tests that can share a service with its defaults: one for each suite.
template <class Suite>
class SharedService : public testing::Test {
 protected:
  static void SetUpTestSuite() { shared() = std::make_unique<Service>(); }
  static void TearDownTestSuite() { shared().reset(); }
  static Service& service() { return *shared(); }

 private:
  static std::unique_ptr<Service>& shared() {
    static std::unique_ptr<Service> one;
    return one;
  }
};

std::string text(const json::value& value);

}  // namespace piste::e2e
