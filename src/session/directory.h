// Which node has which session, where several nodes serve one address (docs/scaling.md): the module cluster
// keeps it in a database that all of them share. A service alone has none.
//
// Nothing on a frame's way waits for it, and nothing on a disk goes by its word, but what its owner has
// removed: it says whom a client that comes to another node is to be sent to, and what came of a phrase that
// another node judged. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "library/library.h"
#include "session/archive.h"
#include "session/caller.h"
#include "session/registry.h"
#include "session/session_file.h"
#include "session/shared_jobs.h"
#include "session/snapshot.h"

namespace piste::session {

class Directory {
 public:
  Directory() = default;
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  virtual ~Directory() = default;

  // Written behind: these return at once, and what cannot be written now is written later, in this order.

  // The session is this node's from now on: it has begun or goes on here. began: when, by this node's clock.
  virtual void put(const SessionRecord& record, const std::string& folder, TimePoint began) = 0;
  virtual void processing(const SessionRecord& record, const std::string& folder) = 0;
  // It has ended here without a result. Where it was this node's, the other nodes hear that it is gone.
  virtual void gone(const SessionRecord& record, const std::string& folder) = 0;
  // The first that says what came of a phrase is believed.
  virtual void ended(const SessionKey& key, const Ended& ended) = 0;
  // All of the phrase in this folder has been removed, as its owner wishes: it stays so, whatever a node
  // that is away has of it.
  virtual void removed(const SessionKey& key, const std::string& folder) = 0;

  // For those who watch at the other nodes: an event's type, and its other fields as a JSON object.
  virtual void tell(const std::string& owner, std::string_view type, const std::string& fields) = 0;

  // What the other nodes tell, on a thread of the directory's: from now on, to this one alone. Nothing more
  // is heard once it has been called without a hearer.
  using Hearer =
      std::function<void(const std::string& owner, const std::string& type, const std::string& fields)>;
  virtual void hear(Hearer hearer) = 0;

  // These wait for the database, a second and a half at most, and not at all while it is known to be away.

  struct Claim {
    enum class Kind {
      away,       // nobody can say
      unknown,    // no node has it, of this token
      ours,       // from now on
      elsewhere,  // a node that lives has it. It gives way when the client asks here again, a bout does not
      over,
    };
    Kind kind = Kind::away;
    std::optional<SessionRecord> record;  // ours: as it began
    Ended ended;                          // over
  };
  // The client of this session is here. folder: where the session's frames are on this node's disk, and held;
  // empty: nowhere. May be asked again when an answer was lost.
  virtual Claim claim(const SessionKey& key, const std::string& token_hash, const std::string& folder) = 0;

  enum class Whose {
    away,      // nobody can say
    ours,      // no node that lives has gone on with it
    anothers,  // one has
    judged,    // one has, and to its result; its owner may have removed it since
  };
  // The phrase that is in this folder of this node's, all of it, and whose client is not here.
  virtual Whose whose(const SessionKey& key, const std::string& token_hash, const std::string& folder) = 0;

  // Of an upload that any node may judge.
  struct Shared {
    bool taken = false;  // a node judges it; else it waits
    double progress = 0;
  };

  struct Known {
    SessionRecord::Stage stage = SessionRecord::Stage::receiving;  // ended: it is being judged
    Ended ended;                                                   // complete
    std::string token_hash = {};
    std::string folder = {};  // its name, on the disk of the node that has it
    std::optional<Shared> shared = {};
  };
  virtual std::optional<Known> find(const SessionKey& key) = 0;

  // What owners have removed, at whichever node: from this number on, in the order of the numbers, not all
  // at once. One that comes late may have a number that is a little smaller than those before it. nullopt:
  // nobody can say.
  virtual std::optional<std::vector<Removed>> removed_after(std::int64_t number) = 0;

  // At the other nodes that live, and what waits for any.
  struct Running {
    std::string id;
    SessionRecord::Stage stage = SessionRecord::Stage::receiving;  // ended: it is being judged
    std::string node;                                              // empty: none has it yet
    std::optional<Shared> shared = {};
  };
  virtual std::vector<Running> running(const std::string& owner) = 0;

  // The nodes that live, this one too; nullopt: they cannot be asked for.
  struct Node {
    std::string name;
    double heard_seconds_ago = 0;
    Totals totals;
  };
  virtual std::optional<std::vector<Node>> nodes() = 0;

  // The phrases of all nodes that are over. It waits as find() does.
  virtual library::Library& library() = 0;

  // Null: this node shares no uploads.
  virtual SharedJobs* jobs() = 0;

  // Seats by owner: gives this node's, with how much it holds, and has those of all others, as they were a
  // second ago. Waits for nothing.
  using Seats = std::map<std::string, std::size_t>;
  virtual void share(Seats own, const Totals& totals) = 0;
  virtual std::size_t seats_elsewhere(const std::string& owner) const = 0;
};

}  // namespace piste::session
