// A file of ours on disk: whole reads and writes at a place. Thread-safe but for truncate().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "recording/disk.h"
#include "recording/frame_log.h"

namespace piste::recording {

// What errno says of a call on a file of a phrase. what: the deed, "write to the frame log". The system's
// words name no path.
Error disk_error(const char* what);

class File {
 public:
  // The disk outlives the file.
  static Result<File> create(const std::filesystem::path& path, Disk& disk);  // must not exist yet
  static Result<File> open(const std::filesystem::path& path, Disk& disk);    // for reading and writing
  File(File&& other) noexcept : disk_(other.disk_), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(disk_, other.disk_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  // Writes first and second, one behind the other, from offset on. After a failure a part may be written.
  Result<base::Done> write(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                           std::uint64_t offset) const;
  // The number of bytes read: fewer than asked only at the end of the file.
  Result<std::size_t> read(std::span<std::uint8_t> out, std::uint64_t offset) const;
  Result<std::uint64_t> size() const;
  Result<base::Done> truncate(std::uint64_t size) const;
  // What was written is on the disk when it returns, not only in the page cache.
  Result<base::Done> sync() const;

 private:
  File(Disk& disk, int descriptor) : disk_(&disk), descriptor_(descriptor) {}
  Disk* disk_;
  int descriptor_ = -1;
};

}  // namespace piste::recording
