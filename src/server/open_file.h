// A file whose bytes are an answer's body: open, so that it stays whole if its name goes meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/descriptor.h"

namespace piste::server {

class OpenFile {
 public:
  // Null: there is no such regular file.
  static std::shared_ptr<OpenFile> open(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }
  // Strong: another one for each content, as files are replaced whole.
  const std::string& etag() const { return etag_; }
  // Fills the room from there on; how much came, 0 at the end or after an error.
  std::size_t read(std::uint64_t from, std::span<char> room) const;

 private:
  OpenFile(base::Descriptor file, std::uint64_t size, std::string etag)
      : file_(std::move(file)), size_(size), etag_(std::move(etag)) {}

  const base::Descriptor file_;
  const std::uint64_t size_;
  const std::string etag_;
};

}  // namespace piste::server
