// A connection for all who ask: each in turn, and nobody waits for long. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "cluster/connection.h"

namespace piste::cluster {

class Line {
 public:
  // An error of code away where there is no connection, or where others ask for too long.
  Result<Rows> ask(const char* statement, const std::vector<Value>& values);
  // Where there is no connection, one is made; nobody who asks waits for that. By one thread.
  void open(const std::string& url);

 private:
  class Turn;

  base::Mutex mutex_;  // for moments only
  base::Condition turn_over_;
  bool in_use_ GUARDED_BY(mutex_) = false;  // by one who asks, who has it meanwhile
  std::optional<Connection> connection_ GUARDED_BY(mutex_);
};

}  // namespace piste::cluster
