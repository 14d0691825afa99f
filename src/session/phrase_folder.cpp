#include "session/phrase_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/file_text.h"
#include "base/log.h"
#include "base/pending_file.h"
#include "base/random_name.h"
#include "recording/crc32c.h"
#include "recording/file.h"
#include "recording/frame_ring.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using recording::Result;

constexpr const char* session_name = "session.json";
constexpr const char* signal_name = "phrase.txt";
constexpr const char* log_name = "frames.log";
constexpr const char* result_name = "analysis_result.json";  // the engine's name for it
constexpr const char* people_name = "people.json";
constexpr const char* stored_name = ".stored";
constexpr const char* film_name = "clean.mp4";
constexpr const char* upload_name = ".upload";       // there until the upload's result is
constexpr std::string_view video_start = "phrase.";  // the engine's, whatever it is
constexpr std::string_view part_end = ".part";
constexpr std::string_view next_end = ".next";
constexpr std::string_view gone_end = ".gone";
constexpr int tries = 3;

// UTC to the second, so that people find a phrase, and 64 random bits, so that no two are alike.
std::string fresh_name() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 20> time{};
  std::strftime(time.data(), time.size(), "%Y%m%dT%H%M%SZ", &utc);
  return std::string(time.data()) + "-" + base::random_name();
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string checksum(std::string_view content) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", recording::crc32c(bytes_of(content)));
  return text.data();
}

// What stands in front of its checksum; nullopt where that is wrong.
std::optional<std::string> checked(std::optional<std::string> content) {
  constexpr std::size_t sum = 8;
  if (!content || content->size() < sum) return std::nullopt;
  const std::string_view text = std::string_view(*content).substr(0, content->size() - sum);
  if (checksum(text) != std::string_view(*content).substr(text.size())) return std::nullopt;
  return std::string(text);
}

fs::path people_part(const fs::path& folder) {
  return folder / (std::string(".") + people_name + std::string(part_end));
}

// What was being written when the process ended. What people say is written without holding the folder, and
// the next time over what was left; a film is held itself.
bool was_left(const fs::path& file) {
  return file.extension() == part_end && file != people_part(file.parent_path()) &&
         !base::PendingFile::is_held(file);
}

// None: it is not there.
std::optional<fs::file_time_type> time_of(const fs::path& file) {
  std::error_code missing;
  const auto time = fs::last_write_time(file, missing);
  return missing ? std::nullopt : std::optional(time);
}

// Of a bout. A rate that no camera has is a guess.
std::size_t most_frames(const Shelf& shelf, const SessionRecord& record) {
  constexpr double fastest = 120;
  const double seconds = std::chrono::duration<double>(shelf.bout_kept).count();
  return static_cast<std::size_t>(std::min(record.start.fps, fastest) * seconds) + 1;
}

}  // namespace

bool Shelf::has_room() const {
  std::error_code failure;
  const auto space = fs::space(path, failure);
  return !failure && space.available >= min_free_bytes;
}

PhraseFolder::PhraseFolder(const Shelf& shelf, fs::path path, FolderLock lock)
    : shelf_(shelf),
      path_(std::move(path)),
      lock_(std::move(lock)),
      session_{session_name, false, {}},
      signal_{signal_name, false, {}} {}

PhraseFolder::~PhraseFolder() = default;

// Another service may find the folder before its lock is taken, and remove it as one that holds nothing.
PhraseFolder::Made PhraseFolder::make(const Shelf& shelf) {
  for (int i = 0; i < tries; ++i) {
    fs::path path = shelf.path / fresh_name();
    if (shelf.disk.make_folder(path) != 0) return recording::disk_error("make a folder for the phrase");
    if (auto lock = FolderLock::take(path))
      return std::unique_ptr<PhraseFolder>(new PhraseFolder(shelf, std::move(path), std::move(*lock)));
  }
  return recording::Error{recording::ErrorCode::io, "cannot hold a folder for the phrase"};
}

Result<PhraseFolder::Opened> PhraseFolder::create(const Shelf& shelf, const SessionRecord& record) {
  auto made = make(shelf);
  if (!made) return made.error();
  PhraseFolder& folder = **made;
  const auto each_frame = shelf.fsync == Fsync::frame ? recording::Durable::yes : recording::Durable::no;
  const recording::Description description{record.start.width, record.start.height, record.start.fps};
  const fs::path path = folder.path_ / log_name;
  auto log = record.start.bout ? recording::create_ring(path, description, most_frames(shelf, record),
                                                        each_frame, shelf.disk)
                               : recording::FrameLog::create(path, description, each_frame, shelf.disk);
  Result<base::Done> saved = base::Done{};
  if (!log) saved = log.error();
  if (saved && folder.durable()) saved = (*log)->sync();  // its header: without it no later record is found
  if (saved) {
    const base::Lock held(folder.mutex_);
    saved = folder.put(record);
  }
  if (!saved) {
    folder.remove();
    return saved.error();
  }
  return Opened{std::move(*made), std::move(*log)};
}

PhraseFolder::Made PhraseFolder::create_for_upload(const Shelf& shelf) {
  return marked_as_upload(make(shelf));
}

PhraseFolder::Made PhraseFolder::create_for_shared(const Shelf& shelf, const std::string& name) {
  fs::path path = shelf.path / name;
  if (shelf.disk.make_folder(path) != 0) return recording::disk_error("make a folder for the upload");
  auto lock = FolderLock::take(path);
  if (!lock) return recording::Error{recording::ErrorCode::io, "cannot hold a folder for the upload"};
  return marked_as_upload(
      std::unique_ptr<PhraseFolder>(new PhraseFolder(shelf, std::move(path), std::move(*lock))));
}

PhraseFolder::Made PhraseFolder::marked_as_upload(Made made) {
  if (!made) return made;
  PhraseFolder& folder = **made;
  auto marked = [&folder] {
    const base::Lock held(folder.mutex_);
    return folder.replace(upload_name, "", false);
  }();
  if (marked) return made;
  folder.remove();
  return marked.error();
}

std::unique_ptr<PhraseFolder> PhraseFolder::take(const Shelf& shelf, const fs::path& path) {
  auto lock = FolderLock::take(path);
  if (!lock) return nullptr;
  std::unique_ptr<PhraseFolder> folder(new PhraseFolder(shelf, path, std::move(*lock)));
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (was_left(entry.path())) fs::remove(entry.path(), ignored);
  }
  const base::Lock held(folder->mutex_);
  folder->find_slot(folder->session_);
  folder->find_slot(folder->signal_);
  if (folder->session_.pending) folder->record_ = parse_session_record(*folder->session_.pending);
  return folder;
}

// Nobody knows what of it is on the disk: it counts as if nothing were.
void PhraseFolder::find_slot(Slot& slot) const {
  auto own = base::file_text(path_ / slot.name);
  slot.exists = own.has_value();
  slot.pending = checked(base::file_text(path_ / (slot.name + std::string(next_end))));
  if (!slot.pending) slot.pending = std::move(own);
}

bool PhraseFolder::is_name(std::string_view name) {
  constexpr std::string_view pattern = "00000000T000000Z-xxxxxxxxxxxxxxxx";
  return name.size() == pattern.size() &&
         std::equal(name.begin(), name.end(), pattern.begin(), [](char c, char expected) {
           if (expected == '0') return c >= '0' && c <= '9';
           if (expected == 'x') return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           return c == expected;
         });
}

std::optional<std::string> PhraseFolder::result_in(const fs::path& path) {
  return base::file_text(path / result_name);
}

std::optional<std::string> PhraseFolder::people_in(const fs::path& path) {
  return base::file_text(path / people_name);
}

bool PhraseFolder::has_people(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path / people_name, failure) || failure;
}

// Whoever holds the folder does not touch this file, so nobody needs to hold it for that.
Result<base::Done> PhraseFolder::put_people(const Shelf& shelf, const fs::path& path,
                                            const std::string& json) {
  const fs::path part = people_part(path);
  shelf.disk.remove(part);
  auto file = recording::File::create(part, shelf.disk);
  if (!file) return file.error();
  auto done = file->write(bytes_of(json), {}, 0);
  if (done) done = file->sync();
  if (done && (shelf.disk.rename(part, path / people_name) != 0 || shelf.disk.sync_folder(path) != 0))
    done = recording::disk_error("put a file of the phrase in its place");
  if (!done) shelf.disk.remove(part);
  return done;
}

std::optional<SessionRecord> PhraseFolder::peek(const fs::path& path) {
  const auto text = base::file_text(path / session_name);
  return text ? parse_session_record(*text) : std::nullopt;
}

bool PhraseFolder::has_result(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path / result_name, failure);
}

bool PhraseFolder::is_stored_but_for_people(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path / stored_name, failure);
}

bool PhraseFolder::is_stored(const fs::path& path) {
  const auto marked = time_of(path / stored_name);
  const auto said = people_time(path);
  std::error_code failure;
  return marked && (!said || said == marked) && fs::file_size(path / stored_name, failure) == 0;
}

// The mark lists what has come since; empty: nothing.
void PhraseFolder::film_made(const fs::path& path) {
  const bool part = !is_name(path.filename().string());
  const fs::path folder = part ? path.parent_path() : path;
  const fs::path film = part ? path.filename() / film_name : fs::path(film_name);
  std::error_code failure;
  if (is_stored_but_for_people(folder) && fs::exists(path / film_name, failure))
    std::ofstream(folder / stored_name, std::ios::app) << film.string() << '\n';
}

std::string PhraseFolder::come_since_stored(const fs::path& path) {
  return base::file_text(path / stored_name).value_or("");
}

void PhraseFolder::unmark_stored(const fs::path& path) {
  std::error_code failure;
  fs::remove(path / stored_name, failure);
}

// The mark has the time of what people said.
bool PhraseFolder::mark_stored(const fs::path& path, std::optional<fs::file_time_type> people) {
  const bool marked = std::ofstream(path / stored_name).good();
  std::error_code failure;
  if (marked && people) fs::last_write_time(path / stored_name, *people, failure);
  return marked && !failure;
}

std::optional<fs::file_time_type> PhraseFolder::people_time(const fs::path& path) {
  return time_of(path / people_name);
}

std::optional<fs::file_time_type> PhraseFolder::result_time(const fs::path& path) {
  return time_of(path / result_name);
}

void PhraseFolder::remove_remains(const fs::path& shelf) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(shelf, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') && name.ends_with(gone_end) &&
        is_name(std::string_view(name).substr(1, name.size() - 1 - gone_end.size()))) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

std::optional<SessionRecord> PhraseFolder::record() const {
  const base::Lock lock(mutex_);
  return record_;
}

std::optional<std::string> PhraseFolder::signal() const {
  const base::Lock lock(mutex_);
  return signal_.pending ? signal_.pending : base::file_text(path_ / signal_name);
}

std::optional<Job> PhraseFolder::job() const {
  return job_in(path_);
}

std::optional<Job> PhraseFolder::job_in(const fs::path& path) {
  const auto text = base::file_text(path / upload_name);
  return text ? parse_job(*text) : std::nullopt;
}

fs::path PhraseFolder::signal_path() const {
  return path_ / signal_name;
}

bool PhraseFolder::has_log() const {
  std::error_code failure;
  return fs::exists(path_ / log_name, failure);
}

bool PhraseFolder::has_video() const {
  if (const auto known = record(); known && known->start.bout) return true;  // its phrases have their own
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(path_, failure)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(video_start) && !name.starts_with(signal_name)) return true;
  }
  return false;
}

bool PhraseFolder::is_abandoned() const {
  std::error_code failure;
  if (fs::exists(path_ / upload_name, failure))
    return fs::file_size(path_ / upload_name, failure) == 0 && !failure;
  constexpr std::uintmax_t empty_log = 80;
  for (const auto& entry : fs::directory_iterator(path_, failure)) {
    const bool log = entry.path().filename() == log_name;  // a bout's is a folder: nothing was acknowledged
    const bool no_frame = log && (entry.is_directory() || entry.file_size(failure) <= empty_log);
    if (!no_frame) return false;
  }
  return !failure;
}

Result<std::unique_ptr<recording::FrameLog>> PhraseFolder::open_log() const {
  const auto each_frame = shelf_.fsync == Fsync::frame ? recording::Durable::yes : recording::Durable::no;
  const auto known = record();
  if (known && known->start.bout)
    return recording::open_ring(path_ / log_name, most_frames(shelf_, *known), each_frame, shelf_.disk);
  return recording::FrameLog::open(path_ / log_name, each_frame, shelf_.disk);
}

Result<base::Done> PhraseFolder::end(std::optional<std::int64_t> total_frames) {
  const base::Lock lock(mutex_);
  SessionRecord record = *record_;
  if (record.stage > SessionRecord::Stage::ended) return base::Done{};  // no way back
  record.stage = SessionRecord::Stage::ended;
  record.total_frames = total_frames;
  return put(record);
}

Result<base::Done> PhraseFolder::put_signal(std::string text) {
  const base::Lock lock(mutex_);
  return put(signal_, std::move(text));
}

Result<base::Done> PhraseFolder::put_result(const std::string& json) {
  const base::Lock lock(mutex_);
  return replace(result_name, json, true);
}

Result<base::Done> PhraseFolder::begin_attempt() {
  const base::Lock lock(mutex_);
  SessionRecord record = *record_;
  ++record.attempts;
  return put(record);
}

void PhraseFolder::take_attempt_back() {
  const base::Lock lock(mutex_);
  if (!record_ || record_->attempts == 0) return;
  SessionRecord record = *record_;
  --record.attempts;
  if (const auto saved = put(record); !saved)
    base::log::warning(record.start.session_id,
                       "an orderly stop counts as a crash: " + saved.error().message);
}

Result<base::Done> PhraseFolder::sync() {
  const base::Lock lock(mutex_);
  return settle();
}

Result<base::Done> PhraseFolder::conclude(bool with_video) {
  const base::Lock lock(mutex_);
  return conclude_as(with_video ? SessionRecord::Stage::complete : SessionRecord::Stage::judged);
}

Result<base::Done> PhraseFolder::put_job(const Job& job) {
  const base::Lock lock(mutex_);
  if (auto synced = sync_artifacts(path_); !synced) return synced;
  if (auto put = replace(upload_name, print(job), true); !put) return put;
  return sync_names();
}

void PhraseFolder::give_up(const Job& job) {
  const base::Lock lock(mutex_);
  auto put = replace(upload_name, print(job), true);
  if (put) put = sync_names();
  if (!put) return base::log::warning("", "an upload may be tried again: " + put.error().message);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (!entry.path().filename().string().starts_with('.')) fs::remove_all(entry.path(), ignored);
  }
}

Result<base::Done> PhraseFolder::conclude_upload(const SessionRecord& record) {
  const base::Lock lock(mutex_);
  record_ = record;
  if (auto concluded = conclude_as(SessionRecord::Stage::complete); !concluded) return concluded;
  shelf_.disk.remove(path_ / upload_name);
  return base::Done{};
}

Result<base::Done> PhraseFolder::conclude_as(SessionRecord::Stage stage) {
  if (!has_result(path_))
    return recording::Error{recording::ErrorCode::io, "the result could not be put on the disk"};
  if (auto synced = sync_artifacts(path_); !synced) return synced;
  if (auto settled = settle(); !settled) return settled;
  if (is_stored_but_for_people(path_)) shelf_.disk.remove(path_ / stored_name);  // without the video
  SessionRecord record = *record_;
  record.stage = stage;
  if (auto saved = replace(session_name, print(record), true); !saved) return saved;
  record_ = record;
  if (auto synced = sync_names(); !synced) return synced;
  // From here on nothing is lost with the log, and the next start removes what a failure leaves.
  if (stage == SessionRecord::Stage::complete && has_log())
    recording::remove_log(path_ / log_name, shelf_.disk);
  return base::Done{};
}

// Under another name first: half a phrase must not be found, and taken for one.
void PhraseFolder::remove() {
  const fs::path gone = shelf_.path / ("." + name() + std::string(gone_end));
  if (shelf_.disk.rename(path_, gone) != 0) return;
  std::error_code ignored;  // there is nobody left to tell; the next start tries again
  fs::remove_all(gone, ignored);
}

Result<base::Done> PhraseFolder::remove_for_good() {
  remove();
  std::error_code failure;
  if (!fs::exists(path_, failure) && shelf_.disk.sync_folder(shelf_.path) == 0) return base::Done{};
  return recording::disk_error("remove the phrase's folder");
}

Result<base::Done> PhraseFolder::put(const SessionRecord& record) {
  if (auto saved = put(session_, print(record)); !saved) return saved;
  record_ = record;
  return base::Done{};
}

Result<base::Done> PhraseFolder::put(Slot& slot, std::string content) {
  if (durable()) {
    if (auto settled = settle(slot); !settled) return settled;  // of a run with another setting
    if (auto replaced = replace(slot.name, content, true); !replaced) return replaced;
    slot.exists = true;
    return sync_names();
  }
  // A record that is torn is seen to be; any bytes may be a scoring log.
  const bool direct = !slot.exists && slot.name == session_name;
  auto replaced = direct ? replace(slot.name, content, false)
                         : replace(slot.name + std::string(next_end), content + checksum(content), false);
  if (!replaced) return replaced;
  slot.exists |= direct;
  slot.pending = std::move(content);
  return base::Done{};
}

Result<base::Done> PhraseFolder::replace(const std::string& name, std::string_view content, bool synced) {
  const fs::path part = path_ / ("." + name + std::string(part_end));
  shelf_.disk.remove(part);
  auto file = recording::File::create(part, shelf_.disk);
  if (!file) return file.error();
  names_known_ = false;
  auto done = file->write(bytes_of(content), {}, 0);
  if (done && synced) done = file->sync();
  if (done && shelf_.disk.rename(part, path_ / name) != 0)
    done = recording::disk_error("put a file of the phrase in its place");
  if (!done) shelf_.disk.remove(part);
  return done;
}

// Its newest content, under its own name; only then the other name may go.
Result<base::Done> PhraseFolder::settle(Slot& slot) {
  if (!slot.pending) return base::Done{};
  if (auto replaced = replace(slot.name, *slot.pending, true); !replaced) return replaced;
  slot.exists = true;
  if (auto synced = sync_names(); !synced) return synced;
  slot.pending.reset();
  const fs::path next = path_ / (slot.name + std::string(next_end));
  if (shelf_.disk.remove(next) == 0) names_known_ = false;
  return base::Done{};
}

Result<base::Done> PhraseFolder::settle() {
  if (auto settled = settle(signal_); !settled) return settled;
  if (auto settled = settle(session_); !settled) return settled;
  return sync_names();
}

Result<base::Done> PhraseFolder::sync_file(const fs::path& path) {
  const int file = shelf_.disk.open(path, O_RDONLY);
  if (file < 0) return recording::disk_error("open a file of the phrase");
  const int synced = shelf_.disk.sync(file);
  const int code = errno;
  ::close(file);
  errno = code;
  if (synced != 0) return recording::disk_error("bring a file of the phrase to the disk");
  return base::Done{};
}

Result<base::Done> PhraseFolder::sync_names() {
  if (!names_known_) {
    if (shelf_.disk.sync_folder(path_) != 0) return recording::disk_error("bring a name to the disk");
    names_known_ = true;
  }
  if (!own_name_known_) {
    if (shelf_.disk.sync_folder(shelf_.path) != 0) return recording::disk_error("bring a name to the disk");
    own_name_known_ = true;
  }
  return base::Done{};
}

// What the engine has put there.
Result<base::Done> PhraseFolder::sync_artifacts(const fs::path& folder) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (name == log_name || name.starts_with('.') || !entry.is_regular_file(failure)) continue;
    if (auto synced = sync_file(entry.path()); !synced) return synced;
  }
  names_known_ = false;
  if (failure) return recording::Error{recording::ErrorCode::io, "cannot look into the phrase's folder"};
  return sync_names();
}

Result<base::Done> PhraseFolder::conclude_part(const std::string& name, bool with_video) {
  const base::Lock lock(mutex_);
  const fs::path folder = path_ / name;
  if (auto synced = sync_artifacts(folder); !synced) return synced;
  if (shelf_.disk.sync_folder(folder) != 0) return recording::disk_error("bring a name to the disk");
  if (with_video) shelf_.disk.remove(folder / log_name);
  return base::Done{};
}

}  // namespace piste::session
