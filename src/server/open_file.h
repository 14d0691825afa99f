// A file whose bytes are an answer's body: open, so that it stays whole if its name goes meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/descriptor.h"
#include "server/readable.h"

namespace piste::server {

class OpenFile : public Readable {
 public:
  // Null: there is no such regular file.
  static std::shared_ptr<OpenFile> open(const std::filesystem::path& path);

  std::uint64_t size() const override { return size_; }
  const std::string& etag() const override { return etag_; }  // another one, as files are replaced whole
  std::size_t read(std::uint64_t from, std::span<char> room) const override;
  bool far() const override { return false; }

 private:
  OpenFile(base::Descriptor file, std::uint64_t size, std::string etag)
      : file_(std::move(file)), size_(size), etag_(std::move(etag)) {}

  const base::Descriptor file_;
  const std::uint64_t size_;
  const std::string etag_;
};

}  // namespace piste::server
