// What came of the phrases that are over: for clients that lost the connection meanwhile, or ask later.
// Results stay as long as their files do, those of the newest phrases; failures, and what has no file, for a
// while. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "session/caller.h"
#include "session/registry.h"

namespace piste::session {

class Catalogue;
class Directory;

struct Ended {
  std::string token_hash;
  bool succeeded = false;
  std::string text;                 // the result as JSON, or why there is none
  std::filesystem::path directory;  // with the result's file; empty: none
  std::int64_t sequence = 0;        // of the phrase; see SessionRecord
};

// What the client of this session was told last: process_complete, or an error.
std::string last_message(const std::string& session_id, const Ended& ended);

class Archive {
 public:
  static constexpr std::size_t most_known = 10'000;

  // most: phrases that are known at a time; some 1.3 KB of memory each.
  // catalogue: is told of phrases with a result, and knows more of them. directory: is told what came of
  // them. Both outlive it.
  explicit Archive(std::size_t most = most_known, Catalogue* catalogue = nullptr,
                   Directory* directory = nullptr)
      : most_(most), catalogue_(catalogue), directory_(directory) {}

  // An earlier phrase of this key is forgotten; its files stay. Of a later one it is this that is left out.
  void add(const SessionKey& key, Ended ended);
  // Reads the result's file where the text is not held any more. nullopt: never was, or its files are gone.
  std::optional<Ended> find(const SessionKey& key) const;
  // Where the files of this phrase are, which has a result; reads nothing.
  std::optional<std::filesystem::path> directory(const SessionKey& key) const;
  void forget(const SessionKey& key);
  std::size_t size() const;
  // Lets go of texts that were held for so long; what is not on disk, or not any more, is forgotten.
  void sweep(TimePoint now, std::chrono::seconds age);

 private:
  struct Entry {
    Ended ended;
    std::uint64_t turn = 0;          // in order of add()
    std::optional<TimePoint> since;  // the first sweep that saw it
  };
  void let_go(Entry& entry) REQUIRES(mutex_);
  void make_room() REQUIRES(mutex_);

  const std::size_t most_;
  Catalogue* const catalogue_;
  Directory* const directory_;
  mutable base::Mutex mutex_;
  std::map<SessionKey, Entry> entries_ GUARDED_BY(mutex_);
  std::uint64_t turns_ GUARDED_BY(mutex_) = 0;
  std::size_t text_bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace piste::session
