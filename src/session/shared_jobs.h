// Uploads that any node of a cluster may judge (docs/scaling.md): their files are in the store that the nodes
// share, and who has which the module cluster keeps in their database. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "session/caller.h"
#include "session/job.h"

namespace piste::session {

struct SharedJob {
  SessionKey key;
  std::string folder;       // its name on the disk of whichever node judges it, and in the store
  Job job;                  // attempts: those that had begun before this node took it
  std::uint64_t lease = 0;  // which of this node's; see holds()
  std::uint64_t take = 0;   // which of this node's; zero: it was put there by this node
};

class SharedJobs {
 public:
  SharedJobs() = default;
  SharedJobs(const SharedJobs&) = delete;
  SharedJobs& operator=(const SharedJobs&) = delete;
  virtual ~SharedJobs() = default;

  // These wait for the database, a second and a half at most, and not at all while it is known to be away.

  // Whether the nodes know of it, or it is over, or removed: then it is not to be put again. nullopt: nobody
  // can say.
  virtual std::optional<bool> has(const SharedJob& job) = 0;
  // From now on the nodes know of it, as of one that this node has: no other takes it while this run lives.
  // It may be put again. False: they may know of it or not, but this node has it as long as it is heard.
  virtual bool put(const SharedJob& job) = 0;
  // The oldest that no node has, whose files are in this node's store, and an attempt at it. None: there is
  // none, or nobody can say.
  virtual std::optional<SharedJob> take() = 0;

  // These return at once; what they say is written soon, or when the database is back.

  // Others may take it. What this node has begun does not count as an attempt.
  virtual void give_back(const SharedJob& job) = 0;
  // How much of its film has been looked at, 0..1.
  virtual void progress(const SharedJob& job, double progress) = 0;
  // Whether no other node can have taken it. It has been lost for good where this node was not heard for
  // long.
  virtual bool holds(const SharedJob& job) const = 0;
};

}  // namespace piste::session
