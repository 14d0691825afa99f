#include "recording/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace piste::recording {
namespace {

class SystemDisk : public Disk {
 public:
  int open(const std::filesystem::path& path, int flags) override {
    return ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  }
  ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) override {
    return ::pwritev(file, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(offset));
  }
  int truncate(int file, std::uint64_t size) override { return ::ftruncate(file, static_cast<off_t>(size)); }
  int sync(int file) override { return ::fdatasync(file); }
  int sync_folder(const std::filesystem::path& path) override {
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    const int synced = ::fsync(folder);
    const int code = errno;
    ::close(folder);
    errno = code;
    return synced;
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return ::rename(from.c_str(), to.c_str());
  }
  int remove(const std::filesystem::path& path) override { return ::remove(path.c_str()); }
  int make_folder(const std::filesystem::path& path) override { return ::mkdir(path.c_str(), 0755); }
};

}  // namespace

Disk& system_disk() {
  static SystemDisk disk;
  return disk;
}

}  // namespace piste::recording
