// The phrases that have a result, by their folders: the library's index of them, and what people say.
// Thread-safe. All but saw() reads the disk.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "library/file_library.h"
#include "session/caller.h"
#include "session/events.h"
#include "session/indexer.h"
#include "session/people.h"
#include "session/phrase_folder.h"

namespace piste::session {

enum class CatalogueError {
  unknown,   // no such phrase
  outdated,  // it was changed since the revision that was named
  busy,      // its folder is being worked on
  failed,    // the disk does not take it
};

// What people said, and of which phrase: an id may be used again.
struct SaidVersion {
  std::string folder;  // its name
  std::int64_t revision = -1;
  bool operator==(const SaidVersion&) const = default;
};

struct Said {
  People people;
  SaidVersion version;
};

class Catalogue {
 public:
  template <class T>
  using Result = base::Result<T, CatalogueError>;

  // events: is told of what people change. elsewhere_too: a phrase whose folder is gone is not gone, for it
  // is in the store. shared: the library of all nodes. Both outlive it.
  Catalogue(const Shelf& shelf, Events& events, bool elsewhere_too = false,
            library::Library* shared = nullptr);

  // A phrase that has a result; it is read on another thread.
  void saw(const SessionKey& key, const std::filesystem::path& directory);
  // Of the newest phrase of this key.
  std::optional<std::filesystem::path> directory(const SessionKey& key) const;
  // The node that has the newest phrase of this key; empty: none but this one, as far as it is known.
  std::string node(const SessionKey& key) const;
  // Its folder there.
  std::string folder_elsewhere(const SessionKey& key) const;
  // Whether this node lists the phrase in this folder as one of its own, wherever its files are.
  bool lists(const std::string& folder) const;
  // Of all nodes, while those can be asked. The newest first. What is gone is left out, and forgotten: a page
  // may be short, and not be the last.
  struct Page {
    std::vector<library::Phrase> phrases;
    std::string next;  // for Wanted::before; empty: this is the last
  };
  Result<Page> list(const library::Wanted& wanted) const;

  // Of the phrase in this folder; empty: there is none.
  Result<Said> said(const std::filesystem::path& directory) const;
  // On the disk when it returns. version: which the change is meant for; none: whichever there is.
  Result<Said> change(const SessionKey& key, const std::filesystem::path& directory,
                      const std::optional<SaidVersion>& version, const std::function<void(People&)>& change);
  // All of it goes.
  Result<base::Done> remove(const SessionKey& key);
  // Likewise of the phrase in this folder, or of what there is of it.
  Result<base::Done> remove(const SessionKey& key, const std::filesystem::path& directory);
  // Of a phrase that has gone from elsewhere.
  void forget(const SessionKey& key, const std::string& folder);

 private:
  const Shelf& shelf_;
  Events& events_;
  const bool elsewhere_too_;
  std::optional<library::Phrase> elsewhere(const SessionKey& key) const;
  void add_others(const library::Wanted& wanted, std::vector<library::Phrase>& phrases) const;
  void drop(const std::string& folder) const;

  const std::unique_ptr<library::FileLibrary> library_;  // null: the disk takes none
  library::Library* const shared_;                       // null: there are no other nodes
  base::Mutex changing_;                                 // held while what people say is changed
  mutable Indexer indexer_;                              // last: it uses the library
};

}  // namespace piste::session
