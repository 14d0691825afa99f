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
#include "cluster/hearing.h"
#include "cluster/job_table.h"
#include "cluster/library.h"
#include "cluster/line.h"
#include "session/directory.h"

namespace piste::cluster {

class Directory final : public session::Directory {
 public:
  struct Options {
    std::string url;
    std::string node;           // the name that people know this service by
    std::chrono::hours kept{};  // results that are older go; 0: never
    std::string store;          // where the files of phrases are too: they stay in the lists; empty: nowhere
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
  void tell(const std::string& owner, std::string_view type, const std::string& fields) override;
  void hear(Hearer hearer) override { hearing_.hear(std::move(hearer)); }
  Claim claim(const session::SessionKey& key, const std::string& token_hash,
              const std::string& folder) override;
  Whose whose(const session::SessionKey& key, const std::string& token_hash,
              const std::string& folder) override;
  std::optional<Known> find(const session::SessionKey& key) override;
  std::optional<std::vector<session::Removed>> removed_after(std::int64_t number) override;
  std::vector<Running> running(const std::string& owner) override;
  library::Library& library() override { return library_; }
  session::SharedJobs* jobs() override { return options_.store.empty() ? nullptr : &jobs_; }
  std::optional<std::vector<Node>> nodes() override;
  void share(Seats own, const session::Totals& totals) override;
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
  void run();
  void safely(const std::function<void()>& what);
  void round();
  void farewell();
  bool sleep();
  bool connect();
  void lost(const std::string& why);
  bool beat();
  bool write_one();
  void clean();

  const Options options_;
  const std::string boot_;

  mutable base::Mutex mutex_;  // for moments only
  base::Condition changed_;
  std::deque<Write> outbox_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;  // of their values
  bool stopping_ GUARDED_BY(mutex_) = false;
  Seats own_ GUARDED_BY(mutex_);
  session::Totals totals_ GUARDED_BY(mutex_);
  Seats others_ GUARDED_BY(mutex_);

  Hearing hearing_;
  Line line_;  // for those who ask
  Library library_;
  JobTable jobs_;

  // The thread's own.
  std::optional<Connection> writer_;
  Clock::time_point next_ = Clock::now();  // beat, or attempt to connect
  Clock::time_point next_cleaning_ = Clock::now();
  Clock::time_point next_end_of_lost_ = Clock::now();  // see JobTable::end_lost
  bool told_there_ = false, told_away_ = false;
  bool told_twin_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::cluster
