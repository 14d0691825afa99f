#include "rows/line_file.h"

#include <zlib.h>

#include <array>

namespace piste::rows {

void LineFile::Close::operator()(void* file) const {
  gzclose(static_cast<gzFile>(file));
}

Result<LineFile> LineFile::open(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (!file) return Error{ErrorCode::unreadable, "the file cannot be opened: it must exist and be readable"};
  gzbuffer(file, 1 << 17);
  return LineFile(file);
}

Result<std::optional<std::string>> LineFile::next() {
  const auto file = static_cast<gzFile>(file_.get());
  std::array<char, 1 << 16> piece;
  std::string line;
  while (gzgets(file, piece.data(), static_cast<int>(piece.size()))) {
    line += piece.data();
    if (line.size() > kLongestRow) return Error{ErrorCode::unreadable, "a line is longer than 64 MB"};
    if (line.empty() || line.back() != '\n') continue;
    line.pop_back();
    return std::optional(std::move(line));
  }
  int state = Z_OK;
  gzerror(file, &state);
  if (state != Z_OK && state != Z_STREAM_END)
    return Error{ErrorCode::unreadable, "the file breaks off: it is not whole, or no gzip file"};
  if (line.empty()) return std::optional<std::string>();
  return std::optional(std::move(line));
}

}  // namespace piste::rows
