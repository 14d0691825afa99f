// The right to what is in a folder: one holder at a time, here or in another process, who loses it with its
// life.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace piste::session {

class FolderLock {
 public:
  // None when somebody else has it, or the folder is gone.
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
