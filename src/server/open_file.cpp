#include "server/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace piste::server {
namespace {

std::string etag_of(const struct stat& found) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "\"%jx-%jx-%jx%08lx\"", static_cast<std::uintmax_t>(found.st_ino),
                static_cast<std::uintmax_t>(found.st_size), static_cast<std::uintmax_t>(found.st_mtim.tv_sec),
                static_cast<unsigned long>(found.st_mtim.tv_nsec));
  return text.data();
}

}  // namespace

// No link is followed, and a pipe is not waited for: nothing of a phrase's folder is either.
std::shared_ptr<OpenFile> OpenFile::open(const std::filesystem::path& path) {
  base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat found{};
  if (!file.ok() || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return nullptr;
  return std::shared_ptr<OpenFile>(
      new OpenFile(std::move(file), static_cast<std::uint64_t>(found.st_size), etag_of(found)));
}

std::size_t OpenFile::read(std::uint64_t from, std::span<char> room) const {
  std::size_t count = 0;
  while (count < room.size()) {
    const auto got =
        ::pread(file_.get(), room.data() + count, room.size() - count, static_cast<off_t>(from + count));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    count += static_cast<std::size_t>(got);
  }
  return count;
}

}  // namespace piste::server
