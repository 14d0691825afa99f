// The index of the phrases that are over, for lists and searches. The phrases' folders hold the truth: what
// is in here can be made again from them.
//
// A node has its own in a file (FileLibrary); where several nodes serve one address, all of them have one in
// the database that they share (cluster::Library). Thread-safe.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "library/phrase.h"

namespace piste::library {

enum class ErrorCode {
  io,       // not now: later, perhaps
  refused,  // it does not take this phrase, nor will it
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

class Library {
 public:
  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  virtual ~Library() = default;

  // By its folder; what was known of it is replaced.
  virtual Result<base::Done> put(const Phrase& phrase) = 0;
  virtual Result<base::Done> remove(std::string_view folder) = 0;
  // The newest phrase of this id.
  virtual std::optional<Phrase> newest(std::string_view owner, std::string_view id) const = 0;
  // The newest first.
  virtual Result<std::vector<Phrase>> list(const Wanted& wanted) const = 0;
};

}  // namespace piste::library
