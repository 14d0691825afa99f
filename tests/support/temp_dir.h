// A folder of a test's own, removed at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace piste::test {

// The folders in the service's output folder, but for .library, which is about all phrases.
inline std::vector<std::filesystem::path> phrases_in(const std::filesystem::path& output) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(output))
    if (entry.path().filename() != ".library") found.push_back(entry.path());
  return found;
}

// Removes a folder from which another thread may be taking files at the same time.
inline void remove_watched(const std::filesystem::path& path) {
  std::error_code met;
  for (int tries = 0; tries < 100 && std::filesystem::exists(path); ++tries)
    std::filesystem::remove_all(path, met);
  if (std::filesystem::exists(path)) throw std::runtime_error(path.string() + " stays: " + met.message());
}

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "piste-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  auto count() const { return phrases_in(path_).size(); }

 private:
  std::filesystem::path path_;
};

}  // namespace piste::test
