// A file that appears whole or not at all: it is written under a temporary name in its own directory, then
// renamed.
#pragma once

#include <filesystem>
#include <system_error>

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
  // Renames to the target, replacing what is there. The file must be written and closed.
  std::error_code commit();

 private:
  const std::filesystem::path target_;
  const std::filesystem::path temporary_;
  bool committed_ = false;
};

}  // namespace piste::base
