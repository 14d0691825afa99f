#include "session/retention.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/log.h"
#include "session/phrase_directory.h"
#include "session/session_file.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes spared{1};  // its client may still be about to fetch it

struct Kept {
  fs::path folder;
  fs::file_time_type since;
  std::uint64_t bytes = 0;
};

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t sum = 0;
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failure)) {
    const auto size = entry.is_regular_file(failure) ? entry.file_size(failure) : 0;
    if (!failure) sum += size;
  }
  return sum;
}

bool is_over(const fs::path& folder) {
  const auto record = read_session_file(folder);  // an upload has none
  return !record || record->stage == SessionRecord::Stage::complete;
}

// Oldest first.
std::vector<Kept> results(const fs::path& output_dir) {
  std::vector<Kept> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(output_dir, failure)) {
    if (!PhraseDirectory::is_name(entry.path().filename().string())) continue;
    std::error_code missing;
    const auto since = fs::last_write_time(entry.path() / result_name, missing);
    if (!missing && is_over(entry.path())) found.push_back({entry.path(), since, 0});
  }
  std::sort(found.begin(), found.end(), [](const Kept& a, const Kept& b) { return a.since < b.since; });
  return found;
}

}  // namespace

std::size_t remove_old(const fs::path& output_dir, const Retention& retention, fs::file_time_type now) {
  if (retention.age.count() == 0 && retention.bytes == 0) return 0;
  auto kept = results(output_dir);
  std::uint64_t sum = 0;
  if (retention.bytes > 0) {
    for (auto& phrase : kept) sum += phrase.bytes = bytes_in(phrase.folder);
  }
  std::size_t removed = 0;
  for (const auto& phrase : kept) {
    const bool old = retention.age.count() > 0 && now - phrase.since > retention.age;
    const bool too_much = retention.bytes > 0 && sum > retention.bytes;
    if (!(old || too_much) || now - phrase.since < spared) break;
    std::error_code failure;
    fs::remove_all(phrase.folder, failure);
    base::log::info("",
                    "result removed, as the retention settings say: " + phrase.folder.filename().string());
    sum -= phrase.bytes;
    ++removed;
  }
  return removed;
}

}  // namespace piste::session
