// A frame log as it may be found on disk. The file is in memory. With an odd first byte the checksums are
// made right, so that what they guard is reached.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "bytes.h"
#include "recording/crc32c.h"
#include "recording/frame_log.h"
#include "recording/frame_log_format.h"

namespace {

using Bytes = std::vector<std::uint8_t>;
namespace format = piste::recording::format;

std::uint32_t u32(const Bytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void put_sum(Bytes& bytes, std::size_t at, std::size_t first, std::size_t count, std::uint32_t seal = 0) {
  const std::uint32_t sum = piste::recording::crc32c({bytes.data() + first, count}, seal);
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

void repair(Bytes& bytes) {
  if (bytes.size() < format::file_header_size) return;
  put_sum(bytes, format::file_header_size - 4, 0, format::file_header_size - 4);
  const auto preamble = format::decode(bytes);
  if (!preamble) return;
  for (std::size_t at = preamble->first_record; at + format::record_header_size <= bytes.size();) {
    const std::size_t data = at + format::record_header_size;
    const std::size_t size = u32(bytes, at + 24);
    if (size <= bytes.size() - data) put_sum(bytes, at + 28, data, size);
    put_sum(bytes, at + 32, at, 32, preamble->seal);
    if (size > bytes.size() - data) return;
    at = data + size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> given(data, size);
  const bool repaired = piste::fuzz::take_choice(given) % 2 == 1;
  Bytes bytes(given.begin(), given.end());
  if (repaired) repair(bytes);
  const int file = memfd_create("frames", MFD_CLOEXEC);
  if (::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {
    const auto log = piste::recording::FrameLog::open("/proc/self/fd/" + std::to_string(file));
    for (std::size_t i = 0; log && i < (*log)->size(); ++i) static_cast<void>((*log)->read(i).ok());
  }
  ::close(file);
  return 0;
}
