#include "recording/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace piste::recording {
namespace {

// what: the deed, "write to". The system's words name no path.
Error failure(const char* what) {
  const int code = errno;
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    return {ErrorCode::full, "no space left for the frames of this phrase"};
  }
  return {ErrorCode::io, std::string("cannot ") + what + " the frame log: " + std::strerror(code)};
}

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

Result<File> File::create(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure("create");
  return File(descriptor);
}

Result<File> File::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return failure("open");
  return File(descriptor);
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<base::Done> File::write(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                               std::uint64_t offset) const {
  iovec both[]{part_of(first), part_of(second)};
  std::span<iovec> rest = advance(both, 0);
  while (!rest.empty()) {
    const ssize_t written =
        ::pwritev(descriptor_, rest.data(), static_cast<int>(rest.size()), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("write to");
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
    if (got < 0) return failure("read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::uint64_t> File::size() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failure("look at");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<base::Done> File::truncate(std::uint64_t size) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return failure("shorten");
  return base::Done{};
}

Result<base::Done> File::sync() const {
  if (::fdatasync(descriptor_) != 0) return failure("bring to the disk");
  return base::Done{};
}

Result<base::Done> sync_directory(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failure("open the folder of");
  const bool synced = ::fsync(descriptor) == 0;
  const int code = errno;
  ::close(descriptor);
  errno = code;
  if (!synced) return failure("bring to the disk");
  return base::Done{};
}

}  // namespace piste::recording
