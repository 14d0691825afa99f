// The directory of a cluster in PostgreSQL. One thread writes what happens here and says twice a second that
// this run of the service lives; another connection is for those who ask. The database's clock is the only
// one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "cluster/connection.h"
#include "session/directory.h"

namespace piste::cluster {

class Directory final : public session::Directory {
 public:
  struct Options {
    std::string url;
    std::string node;           // the name that people know this service by
    std::chrono::hours kept{};  // results that are older go; 0: never
  };
  // Precondition: wrong_in(url) says nothing. The database may be away.
  explicit Directory(Options options);
  ~Directory() override;  // writes what is left, if the database is there

  void put(const session::SessionRecord& record, const std::string& folder,
           session::TimePoint began) override;
  void processing(const session::SessionRecord& record, const std::string& folder) override;
  void gone(const session::SessionRecord& record, const std::string& folder) override;
  void ended(const session::SessionKey& key, const session::Ended& ended) override;
  void removed(const session::SessionKey& key, const std::string& folder) override;
  Claim claim(const session::SessionKey& key, const std::string& token_hash,
              const std::string& folder) override;
  std::optional<Known> find(const session::SessionKey& key) override;
  void share(Seats own) override;
  std::size_t seats_elsewhere(const std::string& owner) const override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Write {
    const char* statement = nullptr;
    std::vector<Value> values;
    std::optional<Clock::time_point> began;  // a last value: how many seconds ago that was
    int failures = 0;
  };

  void write_later(Write write);
  class Turn;
  void run();
  void safely(const std::function<void()>& what);
  void round();
  void farewell();
  bool sleep();
  bool connect();
  void lost(const std::string& why);
  bool beat();
  bool write_one();
  void open_reader();
  void clean();
  Result<Rows> ask(const char* statement, const std::vector<Value>& values);

  const Options options_;
  const std::string boot_;

  mutable base::Mutex mutex_;  // for moments only
  base::Condition changed_;
  std::deque<Write> outbox_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;  // of their values
  bool stopping_ GUARDED_BY(mutex_) = false;
  Seats own_ GUARDED_BY(mutex_);
  Seats others_ GUARDED_BY(mutex_);

  base::Mutex asking_;  // for moments only
  base::Condition turn_over_;
  bool in_use_ GUARDED_BY(asking_) = false;               // by one who asks, who has it meanwhile
  std::optional<Connection> reader_ GUARDED_BY(asking_);  // and is opened again when it is gone

  // The thread's own.
  std::optional<Connection> writer_;
  Clock::time_point next_ = Clock::now();  // beat, or attempt to connect
  Clock::time_point next_cleaning_ = Clock::now();
  bool told_there_ = false, told_away_ = false;
  bool told_twin_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::cluster
