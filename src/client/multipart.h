// The body of a multipart/form-data request, piece by piece: files are never in memory as a whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/error.h"

namespace piste::client {

// Small fields, and files that are read from disk while they are sent.
struct MultipartForm {
  struct File {
    std::string field;
    std::filesystem::path path;
  };
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<File> files;
};

class MultipartBody {
 public:
  static constexpr std::size_t piece_bytes = 256u << 10;

  // Opens nothing yet, but learns the files' sizes.
  static Result<MultipartBody> create(const MultipartForm& form);

  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  // Of all pieces together.
  std::uint64_t size() const { return size_; }
  // The next bytes, at most piece_bytes of a file; nullopt at the end. Failure: a file has changed or is
  // gone.
  Result<std::optional<std::string>> next();

 private:
  struct Part {
    std::string text;            // sent first
    std::filesystem::path file;  // then this, if not empty
    std::uint64_t file_size = 0;
  };

  std::string boundary_;
  std::vector<Part> parts_;
  std::uint64_t size_ = 0;
  std::size_t current_ = 0;
  bool text_sent_ = false;
  std::ifstream file_;
  std::uint64_t left_of_file_ = 0;
};

}  // namespace piste::client
