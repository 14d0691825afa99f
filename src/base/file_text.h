// A small file, read whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>

namespace piste::base {

// nullopt where there is no file that can be read; a folder is none.
inline std::optional<std::string> file_text(const std::filesystem::path& path) {
  std::error_code unknown;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, unknown)) return std::nullopt;
  try {
    return std::string(std::istreambuf_iterator<char>(file), {});
  } catch (const std::ios_base::failure&) {  // so the standard library tells of a disk that does not read
    return std::nullopt;
  }
}

}  // namespace piste::base
