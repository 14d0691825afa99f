// A gzip file that is written line by line.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "rows/row.h"

namespace piste::rows {

class GzipLines {
 public:
  // An empty one; what was there is gone.
  static Result<GzipLines> create(const std::filesystem::path& path);

  Result<base::Done> add(std::string_view line);
  // The file is whole only when this has succeeded.
  Result<base::Done> close();

 private:
  struct Close {
    void operator()(void* file) const;
  };
  explicit GzipLines(void* file) : file_(file) {}
  std::unique_ptr<void, Close> file_;  // gzFile
};

}  // namespace piste::rows
