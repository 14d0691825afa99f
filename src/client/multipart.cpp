#include "client/multipart.h"

#include <algorithm>

#include "base/random_name.h"
#include "base/text.h"

namespace piste::client {
namespace {

// As browsers do it: quotes and line breaks in %xx.
std::string quoted_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    switch (c) {
      case '"':
        out += "%22";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Error unreadable(const std::filesystem::path& path) {
  return {ErrorCode::usage,
          base::escaped(path.string()) + ": cannot be read, or it changed while it was sent"};
}

}  // namespace

Result<MultipartBody> MultipartBody::create(const MultipartForm& form) {
  MultipartBody body;
  body.boundary_ = "piste-" + base::random_name();
  const std::string dashes = "--" + body.boundary_ + "\r\nContent-Disposition: form-data; name=\"";
  for (const auto& [name, value] : form.fields) {
    body.parts_.push_back({dashes + name + "\"\r\n\r\n" + value + "\r\n", {}, 0});
  }
  for (const MultipartForm::File& file : form.files) {
    std::error_code failed;
    const std::uint64_t size = std::filesystem::file_size(file.path, failed);
    if (failed) return unreadable(file.path);
    body.parts_.push_back({dashes + file.field + "\"; filename=\"" +
                               quoted_name(file.path.filename().string()) +
                               "\"\r\nContent-Type: application/octet-stream\r\n\r\n",
                           file.path, size});
    body.parts_.push_back({"\r\n", {}, 0});
  }
  body.parts_.push_back({"--" + body.boundary_ + "--\r\n", {}, 0});
  for (const Part& part : body.parts_) body.size_ += part.text.size() + part.file_size;
  return body;
}

Result<std::optional<std::string>> MultipartBody::next() {
  using Piece = std::optional<std::string>;
  for (; current_ < parts_.size(); ++current_, text_sent_ = false) {
    const Part& part = parts_[current_];
    if (!text_sent_) {
      text_sent_ = true;
      left_of_file_ = part.file_size;
      return Piece(part.text);
    }
    if (left_of_file_ == 0) continue;
    if (!file_.is_open()) file_.open(part.file, std::ios::binary);
    std::string piece(std::min<std::uint64_t>(left_of_file_, piece_bytes), '\0');
    if (!file_.read(piece.data(), static_cast<std::streamsize>(piece.size()))) return unreadable(part.file);
    left_of_file_ -= piece.size();
    if (left_of_file_ == 0) file_.close();
    return Piece(std::move(piece));
  }
  return Piece();
}

}  // namespace piste::client
