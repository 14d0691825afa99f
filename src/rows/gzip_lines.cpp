#include "rows/gzip_lines.h"

#include <zlib.h>

namespace piste::rows {
namespace {

Error not_written() {
  return {ErrorCode::unreadable, "the file cannot be written"};
}

}  // namespace

void GzipLines::Close::operator()(void* file) const {
  gzclose(static_cast<gzFile>(file));
}

Result<GzipLines> GzipLines::create(const std::filesystem::path& path) {
  gzFile file = gzopen(path.c_str(), "wb");
  if (!file) return not_written();
  return GzipLines(file);
}

Result<base::Done> GzipLines::add(std::string_view line) {
  const auto file = static_cast<gzFile>(file_.get());
  const bool written =
      gzwrite(file, line.data(), static_cast<unsigned>(line.size())) == static_cast<int>(line.size()) &&
      gzputc(file, '\n') == '\n';
  if (!written) return not_written();
  return base::Done{};
}

Result<base::Done> GzipLines::close() {
  if (gzclose(static_cast<gzFile>(file_.release())) != Z_OK) return not_written();
  return base::Done{};
}

}  // namespace piste::rows
