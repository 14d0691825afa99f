#include "library/database.h"

#include <utility>

#include "library/query.h"
#include "library/schema.h"
#include "library/statement.h"

namespace piste::library {
namespace {

constexpr int longest_wait = 2000;  // ms, for another service on the same folder

}  // namespace

void Database::close() {
  sqlite3_close(handle_);
  handle_ = nullptr;
}

bool Database::execute(const std::string& sql) const {
  return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

// After what did not work.
Database::State Database::state() const {
  const int code = sqlite3_errcode(handle_);
  const bool strange = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
  return strange ? State::unusable : State::failed;
}

Database::State Database::open(const std::filesystem::path& file) {
  close();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) return State::failed;
  sqlite3_busy_timeout(handle_, longest_wait);
  if (!execute("pragma journal_mode = wal; pragma synchronous = normal")) return state();
  const State checked = check();
  return checked == State::good ? migrate() : checked;
}

Database::State Database::check() const {
  Statement check(handle_, "pragma quick_check(1)");
  if (check.step() != SQLITE_ROW) return state();
  return check.text(0) == "ok" ? State::good : State::unusable;
}

// Under the lock of a writer: another service may be about to do the same.
Database::State Database::migrate() const {
  if (!execute("begin immediate")) return state();
  std::size_t version = 0;
  {
    Statement found(handle_, "pragma user_version");
    if (found.step() == SQLITE_ROW) version = static_cast<std::size_t>(found.integer(0));
  }
  State reached = version <= migrations.size() ? State::good : State::unusable;
  for (; reached == State::good && version < migrations.size(); ++version) {
    const std::string step = std::string(migrations[version]) + "pragma user_version = ";
    if (!execute(step + std::to_string(version + 1))) reached = state();
  }
  const bool kept = end(reached == State::good);
  return kept || reached != State::good ? reached : State::failed;
}

bool Database::end(bool good) const {
  if (good && execute("commit")) return true;
  execute("rollback");
  return false;
}

bool Database::put(const Phrase& phrase) {
  return execute("begin immediate") && end(erase(phrase.folder) && insert(phrase));
}

bool Database::remove(std::string_view folder) {
  return execute("begin immediate") && end(erase(folder));
}

bool Database::erase(std::string_view folder) const {
  return Statement(handle_, "delete from words where rowid = (select place from words_of where folder = ?)")
             .bind(folder)
             .run() &&
         Statement(handle_, "delete from words_of where folder = ?").bind(folder).run() &&
         Statement(handle_, "delete from phrases where folder = ?").bind(folder).run();
}

bool Database::insert(const Phrase& phrase) const {
  Statement row(handle_, "insert into phrases(" + std::string(columns) +
                             ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.bind(phrase.folder).bind(phrase.owner).bind(phrase.id).bind(phrase.duration).bind(phrase.weapon);
  row.bind(phrase.winner).bind(phrase.confidence).bind(phrase.review ? 1 : 0).bind(phrase.reason);
  row.bind(phrase.name).bind(phrase.bout).bind(phrase.left);
  row.bind(phrase.right).bind(joined(phrase.tags)).bind(phrase.human_verdict).bind(phrase.note);
  row.bind(phrase.human_blind ? 1 : 0).bind(phrase.piste);
  return row.run() &&
         Statement(handle_, "insert into words(folder, text) values (?, ?)")
             .bind(phrase.folder)
             .bind(words_of(phrase))
             .run() &&
         Statement(handle_, "insert into words_of(folder, place) values (?, last_insert_rowid())")
             .bind(phrase.folder)
             .run();
}

}  // namespace piste::library
