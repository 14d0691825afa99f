#include "client/overflow_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace piste::client {

OverflowFile::~OverflowFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool OverflowFile::open() {
  if (descriptor_ >= 0) return true;
  std::string name = (folder_ / ".piste-frames-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ >= 0) ::unlink(name.c_str());
  return descriptor_ >= 0;
}

std::optional<std::uint64_t> OverflowFile::append(const types::Bytes& bytes) {
  if (bytes.size() > max_bytes_ - size_ || !open()) return std::nullopt;
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count =
        ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;  // what was written is written over by the next
    done += static_cast<std::size_t>(count);
  }
  return std::exchange(size_, size_ + bytes.size());
}

std::optional<types::Bytes> OverflowFile::read(std::uint64_t offset, std::size_t size) const {
  types::Bytes bytes(size);
  for (std::size_t done = 0; done < size;) {
    const auto count =
        ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

void OverflowFile::clear() {
  if (size_ > 0 && ::ftruncate(descriptor_, 0) == 0) size_ = 0;
}

}  // namespace piste::client
