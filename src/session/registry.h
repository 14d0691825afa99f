// The sessions of this machine: admission, lookup by id, sweep of idle ones, statistics. Thread-safe.
// Time comes in as an argument, so tests do not sleep.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "pipeline/engine.h"
#include "recording/disk.h"
#include "session/accounts.h"
#include "session/caller.h"
#include "session/retention.h"
#include "types/frame.h"

namespace piste::session {

using TimePoint = std::chrono::steady_clock::time_point;

// When what is acknowledged reaches the disk. It is in the page cache before, so a killed process loses
// nothing.
enum class Fsync {
  frame,     // before each acknowledgement
  interval,  // within some seconds
  end,       // before session_end and the signal are answered
};

struct Limits {
  std::size_t max_sessions = 10;                     // REFEREE_MAX_STREAMING_SESSIONS
  std::size_t max_detached_sessions = 64;            // that have lost their connection and may be resumed
  std::size_t max_sessions_per_address = 0;          // REFEREE_MAX_SESSIONS_PER_ADDRESS; 0: all there are
  std::size_t max_left_phrases = 64;                 // being judged without a connection
  std::size_t max_kept_uploads = 256;                // that wait to be judged without a connection
  std::size_t max_message_bytes = 512ull << 20;      // of frames and logs on their way in
  std::size_t max_memory_bytes = 2048ull << 20;      // REFEREE_MAX_STREAMING_MEMORY_MB
  std::chrono::seconds idle_timeout{300};            // REFEREE_STREAMING_SESSION_TIMEOUT
  std::uint64_t min_free_disk_bytes = 512ull << 20;  // REFEREE_MIN_FREE_DISK_MB
  std::size_t max_frame_bytes = 64ull << 20;         // REFEREE_MAX_FRAME_MB
  std::size_t max_signal_bytes = 1ull << 20;
  std::size_t sessions_per_hour = 0;   // REFEREE_MAX_SESSIONS_PER_HOUR: of an address; 0: any number
  std::int64_t max_frames = 200'000;   // of one phrase
  std::chrono::seconds bout_kept{60};  // REFEREE_BOUT_KEPT_SECONDS: of a bout, between phrases
  int max_width = 8192;
  int max_height = 8192;
  Fsync fsync = Fsync::interval;     // REFEREE_FSYNC
  Retention retention;               // REFEREE_RETENTION_DAYS, REFEREE_RETENTION_GB
  std::filesystem::path output_dir;  // REFEREE_OUTPUT_DIR; created if missing

  // How much of each a client and all together may hold.
  Shares shares() const;
};

class BoxTellers;
class Events;
struct Counters;
class Pistes;

// What is being held now, of all owners.
struct Load {
  std::size_t frames_waiting = 0;  // for the analysis
  std::size_t memory_bytes = 0;
  std::size_t max_memory_bytes = 0;
  std::uint64_t free_disk_bytes = 0;
};

// A phrase that its owner has removed.
struct Removed {
  std::int64_t number = 0;  // see Directory::removed_after
  SessionKey key;
  std::string folder;  // its name, on the disk of whichever node has it
};

// What is known of a session, live or over.
struct Status {
  enum class Kind { unknown, receiving, processing, complete, failed };
  Kind kind = Kind::unknown;
  std::string json;  // for the client; empty: unknown
};

class Catalogue;
class Directory;
class SharedJobs;
enum class CatalogueError;
struct People;
struct RegistryParts;
struct Said;
struct SaidVersion;

class Registry {
 public:
  // Engine, disk and directory outlive it. directory: of a cluster that this node is in; null: of none.
  Registry(pipeline::Engine& engine, const Limits& limits, recording::Disk& disk = recording::system_disk(),
           Directory* directory = nullptr);
  // Cancels and joins all. Sessions stay on disk for recover() at the next start.
  ~Registry();

  // Takes what earlier runs have left in the output folder. Once, before sessions start. Quick: what is long
  // to read is opened by a thread of the registry's own, or when somebody asks for it.
  void find_left();
  // Likewise, and all is open when it returns.
  void recover(TimePoint now);
  // What the registry's own threads do every second: brings to the disk what was stored since (with
  // Fsync::interval), opens what was found, and every ten seconds tries again what the disk had no room for
  // and looks for what another service has left.
  void tend(TimePoint now);

  // Closes sessions without activity for idle_timeout. Call it at least every 60 s.
  void sweep(TimePoint now);
  // No new sessions from now on ("Server is shutting down").
  void refuse_new();
  // Ends the sessions of these owners, whatever they are doing. Their results stay.
  void end_sessions(const std::function<bool(const std::string& owner)>& whose);
  std::size_t active() const;            // sessions that have a connection, and uploads
  std::size_t held(Holding what) const;  // by all clients
  // The guide's GET /streaming/stats, as JSON text: the sessions of this owner.
  std::string stats_json(TimePoint now, const std::string& owner = {}) const;
  // Likewise of all nodes; nullopt: they cannot be asked for. Waits for the directory.
  std::optional<std::string> cluster_stats_json(TimePoint now, const std::string& owner) const;
  bool in_cluster() const;
  // The uploads that any node may judge; null: this node shares none.
  SharedJobs* shared_jobs() const;

  Status status(const SessionKey& key, TimePoint now) const;
  // The result as JSON, or what there is instead and why.
  base::Result<std::string, Status::Kind> result(const SessionKey& key) const;
  // Where the files of a phrase are that has a result.
  std::optional<std::filesystem::path> directory(const SessionKey& key) const;

  // The node whose disk has the files of a phrase that are not on this one's; empty: nobody knows of one.
  std::string node(const SessionKey& key) const;

  // Whether another node has a newer phrase of this id, which is the one that is meant.
  bool newer_elsewhere(const SessionKey& key) const;

  // Where a bout's files are, also of one that is running: its phrases have theirs while it goes on.
  std::optional<std::filesystem::path> bout(const SessionKey& key) const;

  // The phrases that have a result, for lists, and what people say of them.
  Catalogue& catalogue();
  std::filesystem::path library() const;  // the folder of what is about all phrases
  // Sessions that are running now, and uploads being judged.
  struct Running {
    std::string id, state;
    std::string node = {};  // empty: this one, or none yet
  };
  std::vector<Running> running(const std::string& owner, TimePoint now) const;
  // Likewise at the other nodes, and what waits for any of them. Waits for the directory.
  std::vector<Running> running_elsewhere(const std::string& owner) const;
  // What people say of the newest phrase of this id, and a change of it (Catalogue::change), also while the
  // library does not have it yet.
  base::Result<Said, CatalogueError> said(const SessionKey& key) const;
  base::Result<Said, CatalogueError> change(const SessionKey& key, const std::optional<SaidVersion>& version,
                                            const std::function<void(People&)>& change);
  // Of a session that is running: its newest JPEG of about a second, as it came. Null: there is none.
  std::shared_ptr<const types::Bytes> live_picture(const SessionKey& key) const;
  // A frame of a phrase that is over, by its folder, as JPEG; width: pixels, 0: as it is. Blocks.
  pipeline::Result<types::Bytes> frame_picture(const std::filesystem::path& directory, std::int64_t number,
                                               int width) const;
  // Likewise a piece of it, as MP4.
  pipeline::Result<types::Bytes> clip(const std::filesystem::path& directory, const pipeline::Clip& clip,
                                      const std::function<bool()>& cancelled) const;
  // Whom a picture alone shows; of no session. Blocks.
  pipeline::Result<types::SeenFencers> look(types::Bytes picture);
  // All of a phrase that has a result goes. Of one that another node has, that node hears of it, also when
  // it was away.
  base::Result<base::Done, Status::Kind> remove(const SessionKey& key);
  // The folder of a phrase that has a result and is not here, on the disk of another node; empty: nobody
  // knows of one.
  std::string folder_elsewhere(const SessionKey& key) const;
  // Likewise of a phrase that was not here any more, and has gone from the store.
  void forget(const SessionKey& key, const std::string& folder);
  // What owners have removed, at whichever node; see Directory::removed_after.
  std::optional<std::vector<Removed>> removed_after(std::int64_t number) const;
  // Whether there is something of a phrase in its folder, or it is listed as one whose files are elsewhere.
  bool has(const std::string& folder) const;
  // All of it goes, whether it has a result or not. False: somebody is working on it.
  bool remove_too(const Removed& removed);

  // What becomes of the phrases, for those who watch.
  Events& events();

  const Limits& limits() const;
  // What the boxes of this node's pistes say: whoever films there listens here.
  Pistes& pistes();
  // And who tells it.
  BoxTellers& tellers();
  // What has happened since the start, of all owners.
  const Counters& counters() const;
  Load load(TimePoint now) const;
  bool disk_has_room() const;
  // How long an address must wait until it may start a session; zero: not at all.
  std::chrono::seconds wait_for_start(const std::string& address, TimePoint now) const;

 private:
  bool is_on_disk(const std::string& folder) const;

  friend class Conversation;
  friend class Upload;
  std::unique_ptr<RegistryParts> parts_;
};

}  // namespace piste::session
