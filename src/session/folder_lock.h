// The right to take over what an earlier process has left in a folder.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace piste::session {

// One process has it at a time, and loses it with its life.
class FolderLock {
 public:
  // Nothing when another process has it.
  static std::optional<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace piste::session
