#include "session/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace piste::session {

std::optional<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  FolderLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  // Whoever had it until now may have removed the folder.
  struct stat held{};
  struct stat named{};
  if (::fstat(descriptor, &held) != 0 || ::stat(folder.c_str(), &named) != 0) return std::nullopt;
  if (held.st_ino != named.st_ino || held.st_dev != named.st_dev) return std::nullopt;
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace piste::session
