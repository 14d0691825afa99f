// The uploads that any node may judge, in the database: a node takes the oldest, and has it as long as its
// run lives. So that no two ever judge one, a node that has not been heard for a while lets go of what it has
// before others may take it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "cluster/connection.h"
#include "cluster/line.h"
#include "session/shared_jobs.h"

namespace piste::cluster {

class JobTable final : public session::SharedJobs {
 public:
  using Clock = std::chrono::steady_clock;
  // line: for those who ask; outlives it. store: where the files are, as all nodes that share it name it.
  JobTable(Line& line, std::string boot, std::string store)
      : line_(line), boot_(std::move(boot)), store_(std::move(store)) {}

  std::optional<bool> has(const session::SharedJob& job) override;
  bool put(const session::SharedJob& job) override;
  std::optional<session::SharedJob> take() override;
  void give_back(const session::SharedJob& job) override;
  void progress(const session::SharedJob& job, double progress) override;
  bool holds(const session::SharedJob& job) const override;

  // For the directory's thread.

  // What has been said since.
  Result<base::Done> write(Connection& connection);
  // The database has heard that this run lives: it was told between these times. Only after all is written
  // that was said before, for now jobs are taken again.
  void heard(Clock::time_point asked, Clock::time_point answered);
  // Whose store no node has any more has failed.
  Result<base::Done> end_lost(Connection& connection);

 private:
  std::uint64_t lease() const;
  std::uint64_t begin_take();
  void lost(std::uint64_t take);
  Result<base::Done> write_given_back(Connection& connection);
  Result<base::Done> write_lost(Connection& connection);

  Line& line_;
  const std::string boot_, store_;
  mutable base::Mutex mutex_;
  std::uint64_t lease_ GUARDED_BY(mutex_) = 0;  // another one after each time that it was not heard for long
  Clock::time_point lease_end_ GUARDED_BY(mutex_) = Clock::time_point::min();
  std::uint64_t takes_ GUARDED_BY(mutex_) = 0;
  std::vector<std::uint64_t> lost_ GUARDED_BY(mutex_);  // takes whose answer did not come
  std::vector<session::SharedJob> given_back_ GUARDED_BY(mutex_);
  std::map<session::SessionKey, double> progress_ GUARDED_BY(mutex_);
};

}  // namespace piste::cluster
