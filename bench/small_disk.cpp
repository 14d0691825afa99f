#include "small_disk.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace piste::bench {

SmallDisk::SmallDisk(const std::filesystem::path& at) : path_(at) {
  std::filesystem::create_directory(path_);
  mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=512m") == 0;
}

SmallDisk::~SmallDisk() {
  if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
}

void SmallDisk::fill() const {
  constexpr std::uintmax_t left = 64 << 10;
  const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const auto available = std::filesystem::space(path_).available;
  if (available > left) static_cast<void>(::posix_fallocate(file, 0, static_cast<off_t>(available - left)));
  ::close(file);
}

void SmallDisk::make_room() const {
  std::filesystem::remove(ballast());
}

}  // namespace piste::bench
