// The calls by which the files of a phrase change, so that a test can stop the disk after each of them. Those
// who only read use the file system as it is.
//
// Like the system's: what fails gives -1 and sets errno. Thread-safe.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstdint>
#include <filesystem>
#include <span>

namespace piste::recording {

class Disk {
 public:
  virtual ~Disk() = default;
  virtual int open(const std::filesystem::path& path, int flags) = 0;
  virtual ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) = 0;
  virtual int truncate(int file, std::uint64_t size) = 0;
  virtual int sync(int file) = 0;                                  // the bytes of a file
  virtual int sync_folder(const std::filesystem::path& path) = 0;  // the names in it
  virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual int remove(const std::filesystem::path& path) = 0;  // a file, or an empty folder
  virtual int make_folder(const std::filesystem::path& path) = 0;
};

// The machine's.
Disk& system_disk();

}  // namespace piste::recording
