// The file of the library, open and of this version. For this module's own files.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "library/phrase.h"

namespace piste::library {

class Database {
 public:
  enum class State {
    good,
    unusable,  // damaged, or of an unknown version
    failed,    // the disk does not give it, or another holds it too long
  };

  Database() = default;
  ~Database() { close(); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Of an earlier version: it is made one of this.
  State open(const std::filesystem::path& file) REQUIRES(mutex);
  void close();

  sqlite3* handle() const REQUIRES(mutex) { return handle_; }
  // All of it, or nothing.
  bool put(const Phrase& phrase) REQUIRES(mutex);
  bool remove(std::string_view folder) REQUIRES(mutex);

  mutable base::Mutex mutex;  // SQLite's own is switched off

 private:
  bool execute(const std::string& sql) const;
  State state() const;
  State check() const;
  State migrate() const;
  bool end(bool good) const;
  bool insert(const Phrase& phrase) const;
  bool erase(std::string_view folder) const;

  sqlite3* handle_ = nullptr;
};

}  // namespace piste::library
