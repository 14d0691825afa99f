#include "session/recovery.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "base/log.h"
#include "session/session.h"
#include "session/session_file.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;

constexpr int most_attempts = 3;  // a phrase that ends the server each time must not do so for ever

struct Tally {
  int open = 0;
  int again = 0;
  int finished = 0;
};

// Newest first: the names begin with the time.
std::vector<fs::path> phrase_folders(const fs::path& parent) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(parent, failure)) {
    if (entry.is_directory(failure) && PhraseDirectory::is_name(entry.path().filename().string())) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

// What was being written when the process ended.
void remove_halves(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".part") fs::remove(entry.path(), ignored);
  }
}

// A folder whose session had not been answered yet holds nothing but an empty frame log.
void remove_if_empty(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const bool empty_log = entry.path().filename() == frame_log_name && entry.file_size(ignored) <= 80;
    if (!empty_log) return;
  }
  fs::remove_all(folder, ignored);
}

void find_finished(RegistryState& registry, const fs::path& folder, const SessionRecord& record) {
  std::error_code ignored;
  fs::remove(folder / frame_log_name, ignored);
  if (!registry.archive.knows(record.key()))
    registry.archive.add(record.key(), {record.token_hash, true, "", folder});
}

std::shared_ptr<Session> reopen(RegistryState& registry, const fs::path& folder, const SessionRecord& record,
                                TimePoint now) {
  auto log = recording::FrameLog::open(folder / frame_log_name);
  if (!log) {
    base::log::error(record.start.session_id, "the frames in " + folder.filename().string() +
                                                  " cannot be read: " + log.error().message);
    return nullptr;
  }
  const auto session =
      std::make_shared<Session>(registry, record, registry.seating.keep(record.key()),
                                PhraseDirectory::adopt(folder), std::move(*log), nullptr, now);
  session->restore();
  registry.seating.occupy(session->seat(), session, nullptr);
  return session;
}

void find_open(RegistryState& registry, const fs::path& folder, SessionRecord record, TimePoint now,
               Tally& tally) {
  remove_halves(folder);
  if (record.attempts >= most_attempts) {
    base::log::error(record.start.session_id, "the analysis of " + folder.filename().string() +
                                                  " was cut each time and is not tried again");
    return;
  }
  const auto session = reopen(registry, folder, record, now);
  if (!session) return;
  if (session->processing()) {
    ++tally.again;
    registry.backlog.add(session);
  } else if (session->seat().holds_id()) {
    ++tally.open;
  } else {
    session->leave();  // a newer one has its id, so nobody can resume it
  }
}

}  // namespace

void recover(RegistryState& registry, TimePoint now) {
  Tally tally;
  for (const auto& folder : phrase_folders(registry.limits.output_dir)) {
    const auto record = read_session_file(folder);
    if (!record) {
      remove_if_empty(folder);
    } else if (record->stage == SessionRecord::Stage::complete) {
      ++tally.finished;
      find_finished(registry, folder, *record);
    } else {
      find_open(registry, folder, *record, now, tally);
    }
  }
  if (tally.open + tally.again + tally.finished == 0) return;
  base::log::info("", "found of earlier runs: " + std::to_string(tally.finished) + " results, " +
                          std::to_string(tally.open) + " sessions that may be resumed, " +
                          std::to_string(tally.again) + " to be analysed again");
}

}  // namespace piste::session
