// A file that appears whole or not at all: it is written under a temporary name in its own directory, then
// renamed. A device or a pipe (--out /dev/stdout) is written into instead: a file in its place would take it
// from everybody.
#pragma once

#include <filesystem>
#include <system_error>

#include "base/descriptor.h"

namespace piste::base {

// Owns the temporary file: whatever was not committed is removed with it. Not thread-safe.
class PendingFile {
 public:
  explicit PendingFile(std::filesystem::path target);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  // Where to write. No two PendingFiles share it, even for one target.
  const std::filesystem::path& path() const { return temporary_; }
  // For what is long in writing, when the file is there: from now on is_held() says so, until this object
  // ends, whatever name the file has then.
  void hold();
  // Whether somebody, in whatever process, is writing it. Else it is what was left half written.
  static bool is_held(const std::filesystem::path& file);
  // Renames to the target, replacing the file that is there. The file must be written and closed.
  std::error_code commit();

 private:
  const std::filesystem::path target_;
  const std::filesystem::path temporary_;  // the target itself where that is no file
  bool committed_ = false;
  Descriptor held_;
};

}  // namespace piste::base
