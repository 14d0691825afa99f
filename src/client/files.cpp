#include "client/files.h"

#include <fstream>
#include <iterator>

#include "base/pending_file.h"
#include "base/text.h"

namespace piste::client {
namespace {

// A scoring log is some kilobytes: whatever is larger is another file.
constexpr std::size_t max_signal_bytes = 16'000'000;

Error bad_signal(const std::filesystem::path& path, std::string_view why) {
  return {ErrorCode::usage, "signal " + base::escaped(path.string()) + ": " + std::string(why)};
}

}  // namespace

Result<std::string> read_signal(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return bad_signal(path, "no such file");
  std::ifstream file(path, std::ios::binary);
  if (!file) return bad_signal(path, "cannot be read");
  if (std::filesystem::file_size(path, failed) > max_signal_bytes) {
    return bad_signal(path, "too large for a scoring log");
  }
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) return bad_signal(path, "the file is empty");
  return bytes;
}

Result<base::Done> save_result(const std::filesystem::path& path, std::string_view json) {
  base::PendingFile pending(path);
  std::ofstream file(pending.path(), std::ios::binary);
  file << json << '\n';
  file.close();
  if (!file || pending.commit()) {
    return Error{ErrorCode::usage, "--output " + base::escaped(path.string()) + ": cannot be written"};
  }
  return base::Done{};
}

}  // namespace piste::client
