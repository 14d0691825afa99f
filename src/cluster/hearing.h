// Hears what the other nodes tell, on a thread and a connection of its own: the database says that there is
// something, and which row. What was told while it could not be asked is heard afterwards, as long as it is
// kept.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "cluster/connection.h"
#include "session/directory.h"

namespace piste::cluster {

// Tells of a row of piste.event whose number is that of the row `told`.
#define PISTE_NOTIFY "select pg_notify('piste_event', id::text) from told"

class Hearing {
 public:
  // boot: this node's run, of which nothing is heard.
  Hearing(std::string url, std::string boot);
  ~Hearing();
  Hearing(const Hearing&) = delete;
  Hearing& operator=(const Hearing&) = delete;

  void hear(session::Directory::Hearer hearer);

 private:
  void run();
  bool connect();
  bool catch_up();
  bool listen();
  bool take(const Result<Rows>& events);
  bool pause() const;

  const std::string url_, boot_;
  const int waker_;  // can be read when the end has come
  base::Mutex mutex_;
  session::Directory::Hearer hearer_ GUARDED_BY(mutex_);

  // The thread's own.
  std::optional<Connection> connection_;
  std::optional<std::int64_t> last_;
  std::set<std::int64_t> heard_;  // the last numbers
  std::thread thread_;            // last: it uses all of the above
};

}  // namespace piste::cluster
