// A connection to the database on which nothing lasts for ever: connecting, each statement, each lock it
// waits for, and a line that has gone dead.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/error.h"

struct pg_conn;  // libpq's

namespace piste::cluster {

using Value = std::optional<std::string>;  // nullopt: SQL's null
using Rows = std::vector<std::vector<Value>>;

// What is wrong with a URL; nullopt: it can be tried.
std::optional<std::string> wrong_in(const std::string& url);
// As it may be shown: without a password.
std::string without_password(const std::string& url);

// Not thread-safe.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  // Precondition: libpq is there and the URL can be read.
  static Result<Connection> open(const std::string& url);

  // One statement, in a transaction of its own. After an error of code away the connection is of no more use.
  Result<Rows> ask(const char* statement, const std::vector<Value>& values = {});
  // Waits for notifications of channels that it listens to; none: the limit is over, or `waker` can be read.
  // Their payloads.
  Result<std::vector<std::string>> notifications(int waker, std::chrono::milliseconds limit);
  // For what may take longer.
  Result<Rows> ask(const char* statement, const std::vector<Value>& values, std::chrono::milliseconds limit);

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  explicit Connection(pg_conn* connection) : connection_(connection) {}
  Result<base::Done> establish(Clock::time_point end);
  Result<base::Done> send(Clock::time_point end);
  Result<Rows> receive(Clock::time_point end);
  bool wait(short events, Clock::time_point end) const;
  Error broken() const;

  std::unique_ptr<pg_conn, Finish> connection_;
  std::vector<std::string> secrets_;  // of its URL: they stay out of messages
};

}  // namespace piste::cluster
