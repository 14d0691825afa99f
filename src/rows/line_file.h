// A text file, plain or gzip, line by line.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "rows/row.h"

namespace piste::rows {

class LineFile {
 public:
  static Result<LineFile> open(const std::string& path);

  // The next line without its line feed; nullopt at the end. An error when the file breaks off (a cut gzip)
  // or a line is longer than kLongestRow; nothing more can be read then.
  Result<std::optional<std::string>> next();

 private:
  struct Close {
    void operator()(void* file) const;
  };
  explicit LineFile(void* file) : file_(file) {}
  std::unique_ptr<void, Close> file_;  // gzFile
};

}  // namespace piste::rows
