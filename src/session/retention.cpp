#include "session/retention.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include "base/log.h"
#include "session/phrase_folder.h"

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
  std::error_code failure, gone;  // others may be removing it
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) sum += size;
  }
  return sum;
}

// Since when nobody needs it, as far as can be seen without holding it. nullopt: it may be needed.
std::optional<fs::file_time_type> since(const fs::path& phrase) {
  if (const auto judged = PhraseFolder::result_time(phrase)) return judged;
  if (PhraseFolder::peek(phrase)) return std::nullopt;
  // Nobody can ask for what has no record that can be read.
  std::optional<fs::file_time_type> newest;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(phrase, failure)) {
    const auto time = entry.last_write_time(failure);
    if (!failure && (!newest || time > *newest)) newest = time;
  }
  return newest;
}

bool is_over(const PhraseFolder& folder) {
  const auto record = folder.record();  // an upload has none, nor what cannot be read
  if (record) return record->stage >= SessionRecord::Stage::judged;
  const auto job = folder.job();
  return !job || !job->error.empty();
}

// Oldest first.
std::vector<Kept> over_ones(const Shelf& shelf) {
  std::vector<Kept> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(shelf.path, failure)) {
    if (!PhraseFolder::is_name(entry.path().filename().string())) continue;
    if (const auto over = since(entry.path())) found.push_back({entry.path(), *over, 0});
  }
  std::sort(found.begin(), found.end(), [](const Kept& a, const Kept& b) { return a.since < b.since; });
  return found;
}

}  // namespace

std::size_t remove_old(const Shelf& shelf, const Retention& retention, fs::file_time_type now) {
  if (retention.age.count() == 0 && retention.bytes == 0) return 0;
  auto kept = over_ones(shelf);
  std::uint64_t sum = 0;
  if (retention.bytes > 0) {
    for (auto& phrase : kept) sum += phrase.bytes = bytes_in(phrase.folder);
  }
  std::size_t removed = 0;
  for (const auto& phrase : kept) {
    const bool old = retention.age.count() > 0 && now - phrase.since > retention.age;
    const bool too_much = retention.bytes > 0 && sum > retention.bytes;
    if (!(old || too_much) || now - phrase.since < spared) break;
    const bool stored = PhraseFolder::is_stored(phrase.folder) || !PhraseFolder::has_result(phrase.folder);
    if (retention.stored_only && !stored) continue;
    const auto folder = PhraseFolder::take(shelf, phrase.folder);
    if (!folder || !is_over(*folder)) continue;
    folder->remove();
    base::log::info("",
                    "result removed, as the retention settings say: " + phrase.folder.filename().string());
    sum -= phrase.bytes;
    ++removed;
  }
  return removed;
}

}  // namespace piste::session
