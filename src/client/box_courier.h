// Brings what a scoring box says to the service: over a WebSocket, on the service's clock, each event once
// and in order. A connection that is lost is made again for as long as it takes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "boxes/event.h"
#include "client/error.h"
#include "client/server_url.h"

namespace piste::client {

struct CourierOptions {
  ServerUrl server;
  std::filesystem::path ca;
  std::string piste;
  std::string protocol;                            // of the box, for people
  std::function<void(const std::string&)> notice;  // for people; on the courier's thread
};

class BoxCourier {
 public:
  explicit BoxCourier(CourierOptions options);
  ~BoxCourier();

  // From any thread. The time is seconds of the steady clock.
  void push(const boxes::Event& event);
  // No event comes any more: run() ends when the service has them all.
  void end();
  // The same, and what the service does not have within two seconds is lost. From any thread.
  void interrupt();
  // SIGINT and SIGTERM interrupt.
  void interrupt_on_signals();

  // Until the end, or the service wants none of it: then the error says why.
  Result<base::Done> run();

 private:
  class Course;
  std::unique_ptr<Course> course_;
};

}  // namespace piste::client
