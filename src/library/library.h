// The index of the phrases that are over, for lists and searches: a file of SQLite's beside their folders.
// The folders hold the truth: what is in here can be made again from them. Thread-safe.
//
// Another database would stand behind the same few functions, in a library.cpp of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "library/phrase.h"

namespace piste::library {

enum class ErrorCode { io };

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

class Database;

class Library {
 public:
  // A file that is missing, damaged or of an unknown version is begun anew.
  static Result<std::unique_ptr<Library>> open(const std::filesystem::path& file);
  ~Library();

  // By its folder; what was known of it is replaced.
  Result<base::Done> put(const Phrase& phrase);
  void remove(std::string_view folder);
  bool has(std::string_view folder) const;
  // Of the newest phrase of this id.
  std::optional<std::string> folder_of(std::string_view owner, std::string_view id) const;
  // The newest first.
  Result<std::vector<Phrase>> list(const Wanted& wanted) const;

 private:
  explicit Library(std::unique_ptr<Database> database);
  const std::unique_ptr<Database> database_;
};

}  // namespace piste::library
