// A small disk of its own, where the machine allows that, so that it can be full for a while.
#pragma once

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>

namespace piste::test {

class SmallDisk {
 public:
  // at: a folder that is made.
  SmallDisk(const std::filesystem::path& at, std::uint64_t megabytes) : path_(at) {
    std::filesystem::create_directory(path_);
    const std::string size = "size=" + std::to_string(megabytes) + "m";
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (!mounted_) why_not_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Else it is a folder of the usual disk, which is never full.
  bool mounted() const { return mounted_; }
  const std::string& why_not() const { return why_not_; }
  // Takes all that is left but so much, until make_room(). False if that failed. Precondition: mounted().
  bool fill(std::uint64_t left_bytes = 64 << 10) const {
    const auto available = std::filesystem::space(path_).available;
    if (available <= left_bytes) return true;
    const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool filled = ::posix_fallocate(file, 0, static_cast<off_t>(available - left_bytes)) == 0;
    ::close(file);
    return filled;
  }
  void make_room() const { std::filesystem::remove(ballast()); }

 private:
  std::filesystem::path ballast() const { return path_ / "ballast"; }

  const std::filesystem::path path_;
  bool mounted_ = false;
  std::string why_not_;
};

}  // namespace piste::test
