#include "store/outbox.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <exception>
#include <optional>
#include <set>
#include <system_error>

#include "base/file_text.h"
#include "base/log.h"
#include "base/stored_file.h"
#include "session/phrase_folder.h"
#include "store/artifact_type.h"
#include "store/pause.h"

namespace piste::store {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using session::PhraseFolder;
using session::SessionKey;
using session::SessionRecord;

constexpr std::string_view json_type = "application/json";
constexpr std::string_view people_file = "people.json";  // kept, and shown to nobody from there

void stand_back() {
  constexpr int lowest = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), lowest);
}

// A phrase that has a result and no video mostly has one a moment later.
bool waits_for_its_video(const fs::path& folder, const SessionRecord& record) {
  constexpr std::chrono::minutes moment{10};
  const auto judged = PhraseFolder::result_time(folder);
  return record.stage == SessionRecord::Stage::judged && judged &&
         fs::file_time_type::clock::now() - *judged < moment;
}

// Of the phrase, which is over; nullopt: it is not.
std::optional<SessionKey> to_bring(const fs::path& folder) {
  const auto record = PhraseFolder::peek(folder);
  const bool over =
      record && record->stage >= SessionRecord::Stage::judged && PhraseFolder::has_result(folder);
  return over && !waits_for_its_video(folder, *record) ? std::optional(record->key()) : std::nullopt;
}

// Of an upload that has failed; nullopt: it is none.
std::optional<SessionKey> failed_upload(const fs::path& folder) {
  const auto job = PhraseFolder::job_in(folder);
  if (!job || job->error.empty()) return std::nullopt;
  return SessionKey{job->owner, session::upload_id(folder.filename().string())};
}

void add_files(const fs::path& folder, const std::string& before, Manifest& manifest) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    const auto kind = entry.symlink_status(failure).type();
    if (kind == fs::file_type::regular && (artifact_type(name) || (before.empty() && name == people_file)))
      manifest.files[before + name] = entry.file_size(failure);
    // Of a bout: its phrases have folders of their own.
    if (kind == fs::file_type::directory && before.empty() && name.starts_with("phrase-"))
      add_files(entry.path(), name + "/", manifest);
  }
}

Manifest manifest_of(const fs::path& folder) {
  Manifest manifest{folder.filename().string(), {}};
  add_files(folder, "", manifest);
  return manifest;
}

// Since then; but for what people say, which has a mark of its own.
bool has_changed(const fs::path& folder, Manifest then) {
  Manifest now = manifest_of(folder);
  then.files.erase(std::string(people_file));
  now.files.erase(std::string(people_file));
  return now.files != then.files;
}

// names: one a line.
bool is_listed(const std::string& name, const std::string& names) {
  return ("\n" + names).find("\n" + name + "\n") != std::string::npos;
}

std::string_view type_of(const std::string& name) {
  return artifact_type(name.substr(name.rfind('/') + 1)).value_or("application/octet-stream");
}

struct Note {
  SessionKey key;
  std::string folder;
};

std::optional<Note> read_note(const fs::path& file) {
  boost::system::error_code failed;
  const json::value value = json::parse(base::file_text(file).value_or(""), failed);
  if (failed || !value.is_object()) return std::nullopt;
  const auto text = [&](const char* name) {
    const json::value* found = value.get_object().if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  };
  return Note{{text("owner"), text("id")}, file.filename().string()};
}

}  // namespace

Outbox::Outbox(const Bucket& bucket, Options options)
    : bucket_(bucket),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Outbox::~Outbox() = default;

bool Outbox::forget(const SessionKey& key, const std::string& folder) const {
  std::error_code failure;
  fs::create_directories(notes(), failure);
  return base::store_file(notes() / folder,
                          json::serialize(json::object{{"owner", key.owner}, {"id", key.id}}));
}

void Outbox::recall(const std::string& folder) const {
  std::error_code failure;
  fs::remove(notes() / folder, failure);
}

bool Outbox::forgets(const std::string& folder) const {
  std::error_code failure;
  return fs::exists(notes() / folder, failure);
}

// A bucket that cannot be reached is said once, and tried again less and less often.
void Outbox::run(const std::stop_token& stop) {
  stand_back();
  auto wait = options_.look_interval;
  bool failed = false;
  while (!stop.stop_requested()) {
    const auto looked = look_safely(stop);
    if (stop.stop_requested()) return;
    if (!looked && !failed)
      base::log::error("", "nothing can be stored, it is tried again: " + looked.error().message);
    if (looked && failed) base::log::info("", "the store can be reached again");
    failed = !looked;
    wait = looked ? options_.look_interval : std::min(2 * wait, options_.longest_wait);
    if (!pause(wait, stop)) return;
  }
}

// What is not expected must not end the service.
Result<base::Done> Outbox::look_safely(const std::stop_token& stop) {
  try {
    return look(stop);
  } catch (const std::exception& unexpected) {
    return Error{ErrorCode::io, unexpected.what()};
  }
}

// In order of the names, which begin with the time. One phrase that cannot be brought keeps no other back,
// and what is to be removed waits for no backlog.
Result<base::Done> Outbox::look(const std::stop_token& stop) {
  Result<base::Done> out = remove_forgotten(stop);
  std::set<std::string> waiting;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(options_.shelf, failure)) {
    std::string name = entry.path().filename().string();
    if (PhraseFolder::is_name(name) && !PhraseFolder::is_stored(entry.path()))
      waiting.insert(std::move(name));
  }
  for (const std::string& name : waiting) {
    if (stop.stop_requested()) break;
    if (auto removed = remove_forgotten(stop); !removed) out = removed;
    auto brought = bring(options_.shelf / name, stop);
    if (brought) continue;
    if (brought.error().code == ErrorCode::unreachable) return brought;
    if (brought.error().code != ErrorCode::io) out = brought;
    base::log::warning("", name + " is not stored yet: " + brought.error().message);
  }
  return out;
}

// Its film was brought for the other nodes, which were not told of it then, and is nobody's now.
Result<base::Done> Outbox::clear(const fs::path& folder, const SessionKey& key, const std::stop_token& stop) {
  if (auto removed = remove(key, folder.filename().string(), stop); !removed) return removed;
  if (!PhraseFolder::mark_stored(folder, {})) return Error{ErrorCode::io, "its mark cannot be written"};
  return base::Done{};
}

Result<base::Done> Outbox::bring(const fs::path& folder, const std::stop_token& stop) {
  if (PhraseFolder::is_stored(folder)) return base::Done{};
  if (const auto failed = failed_upload(folder)) return clear(folder, *failed, stop);
  const auto key = to_bring(folder);
  if (!key) return base::Done{};
  const bool again = PhraseFolder::is_stored_but_for_people(folder);
  const std::string since = PhraseFolder::come_since_stored(folder);
  const auto said = PhraseFolder::people_time(folder);  // what is said from here on is brought the next time
  const Manifest manifest = manifest_of(folder);
  const std::string text = print(manifest);
  if (auto put = bucket_.put(manifest_key(manifest.folder), text, json_type, stop); !put) return put;
  for (const auto& [name, size] : manifest.files) {
    if (again && name != people_file && !is_listed(name, since)) continue;
    auto put = bucket_.put_file(file_key(manifest.folder, name), folder / name, type_of(name), stop);
    if (!put) return put;
  }
  if (auto pointed = point(*key, manifest, stop); !pointed) return pointed;
  if (!PhraseFolder::mark_stored(folder, said)) return Error{ErrorCode::io, "its mark cannot be written"};
  if (has_changed(folder, manifest)) {
    PhraseFolder::unmark_stored(folder);
    return Error{ErrorCode::io, "its files have changed meanwhile"};
  }
  base::log::info(key->id,
                  "stored: " + manifest.folder + ", " + std::to_string(manifest.files.size()) + " files");
  return base::Done{};
}

// Ids may be used again: the newest phrase has it. Names begin with the time.
Result<base::Done> Outbox::point(const SessionKey& key, const Manifest& manifest,
                                 const std::stop_token& stop) {
  const auto there = bucket_.get(session_key(key), stop);
  if (!there && there.error().code != ErrorCode::missing) return there.error();
  const auto other = there ? parse_manifest(*there) : std::nullopt;
  if (other && other->folder > manifest.folder) return base::Done{};
  return bucket_.put(session_key(key), print(manifest), json_type, stop);
}

Result<base::Done> Outbox::remove_forgotten(const std::stop_token& stop) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(notes(), failure)) {
    const auto note = read_note(entry.path());
    if (!note || !PhraseFolder::is_name(note->folder)) continue;
    if (fs::exists(options_.shelf / note->folder, failure)) continue;  // it is only being removed
    if (auto removed = remove(note->key, note->folder, stop); !removed) return removed;
    fs::remove(entry.path(), failure);
    base::log::info(note->key.id, "removed from the store: " + note->folder);
  }
  return base::Done{};
}

// The manifest last: what is cut short is found by it again.
Result<base::Done> Outbox::remove(const SessionKey& key, const std::string& folder,
                                  const std::stop_token& stop) {
  const auto text = bucket_.get(manifest_key(folder), stop);
  if (!text && text.error().code != ErrorCode::missing) return text.error();
  const auto pointer = bucket_.get(session_key(key), stop);
  if (!pointer && pointer.error().code != ErrorCode::missing) return pointer.error();
  const auto shown = pointer ? parse_manifest(*pointer) : std::nullopt;
  if (shown && shown->folder == folder)
    if (auto removed = bucket_.remove(session_key(key), stop); !removed) return removed;
  const auto manifest = text ? parse_manifest(*text) : std::nullopt;
  if (!manifest) return base::Done{};
  for (const auto& [name, size] : manifest->files)
    if (auto removed = bucket_.remove(file_key(folder, name), stop); !removed) return removed;
  return bucket_.remove(manifest_key(folder), stop);
}

}  // namespace piste::store
