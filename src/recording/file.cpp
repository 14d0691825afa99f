#include "recording/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace piste::recording {
namespace {

// Drops the written bytes from the front of parts.
std::span<iovec> advance(std::span<iovec> parts, std::size_t written) {
  while (!parts.empty() && written >= parts.front().iov_len) {
    written -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (!parts.empty()) {
    parts.front().iov_base = static_cast<std::uint8_t*>(parts.front().iov_base) + written;
    parts.front().iov_len -= written;
  }
  return parts;
}

iovec part_of(std::span<const std::uint8_t> bytes) {
  return {const_cast<std::uint8_t*>(bytes.data()),
          bytes.size()};  // iovec serves reading too, so it is not const
}

}  // namespace

Error disk_error(const char* what) {
  const int code = errno;
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    return {ErrorCode::full, "no space left for the frames of this phrase"};
  }
  return {ErrorCode::io, std::string("cannot ") + what + ": " + std::strerror(code)};
}

Result<File> File::create(const std::filesystem::path& path, Disk& disk) {
  const int descriptor = disk.open(path, O_RDWR | O_CREAT | O_EXCL);
  if (descriptor < 0) return disk_error("create a file of the phrase");
  return File(disk, descriptor);
}

Result<File> File::open(const std::filesystem::path& path, Disk& disk) {
  const int descriptor = disk.open(path, O_RDWR);
  if (descriptor < 0) return disk_error("open a file of the phrase");
  return File(disk, descriptor);
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<base::Done> File::write(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                               std::uint64_t offset) const {
  iovec both[]{part_of(first), part_of(second)};
  std::span<iovec> rest = advance(both, 0);
  while (!rest.empty()) {
    const ssize_t written = disk_->write(descriptor_, rest, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error("write to a file of the phrase");
    offset += static_cast<std::uint64_t>(written);
    rest = advance(rest, static_cast<std::size_t>(written));
  }
  return base::Done{};
}

Result<std::size_t> File::read(std::span<std::uint8_t> out, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error("read a file of the phrase");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::uint64_t> File::size() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return disk_error("look at a file of the phrase");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<base::Done> File::truncate(std::uint64_t size) const {
  if (disk_->truncate(descriptor_, size) != 0) return disk_error("shorten a file of the phrase");
  return base::Done{};
}

Result<base::Done> File::sync() const {
  if (disk_->sync(descriptor_) != 0) return disk_error("bring a file of the phrase to the disk");
  return base::Done{};
}

}  // namespace piste::recording
