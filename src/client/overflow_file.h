// Bytes that found no room in memory, in a file that nobody else sees: it has no name, so it is gone with the
// program, however that ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "types/frame.h"

namespace piste::client {

class OverflowFile {
 public:
  // Made in folder when it is first needed.
  OverflowFile(std::filesystem::path folder, std::uint64_t max_bytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}
  ~OverflowFile();
  OverflowFile(const OverflowFile&) = delete;
  OverflowFile& operator=(const OverflowFile&) = delete;

  // Where they lie; nullopt when the file would grow beyond its limit, or the disk does not take them.
  std::optional<std::uint64_t> append(const types::Bytes& bytes);
  // nullopt when they cannot be read.
  std::optional<types::Bytes> read(std::uint64_t offset, std::size_t size) const;
  // Nothing in it is needed any more: the disk is given back.
  void clear();

 private:
  bool open();

  const std::filesystem::path folder_;
  const std::uint64_t max_bytes_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace piste::client
