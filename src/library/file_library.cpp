#include "library/file_library.h"

#include <sqlite3.h>

#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "library/database.h"
#include "library/query.h"
#include "library/search_words.h"
#include "library/statement.h"

namespace piste::library {
namespace {

// "martin ripos" as FTS5 has it: "martin"* "ripos"*. Quoted, so that nothing in it is an operator.
std::string search_of(std::string_view words) {
  std::string out;
  for (const std::string_view word : search_words(words)) {
    out += '"';
    for (const char c : word) out.append(c == '"' ? 2 : 1, c);
    out += "\"* ";
  }
  return out;
}

Statement prepared(sqlite3* database, const Query& query) {
  Statement statement(database, query.sql);
  for (const std::string& value : query.values) statement.bind(value);
  return statement;
}

}  // namespace

FileLibrary::FileLibrary(std::unique_ptr<Database> database) : database_(std::move(database)) {}
FileLibrary::~FileLibrary() = default;

Result<std::unique_ptr<FileLibrary>> FileLibrary::open(const std::filesystem::path& file) {
  auto database = std::make_unique<Database>();
  {
    const base::Lock lock(database->mutex);
    auto state = database->open(file);
    if (state == Database::State::unusable) {
      base::log::warning("", "the library's file cannot be used and is begun anew from the phrases' folders");
      database->close();
      std::error_code ignored;
      for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end, ignored);
      state = database->open(file);
    }
    if (state != Database::State::good) return Error{ErrorCode::io, "the library's file cannot be opened"};
  }
  return std::unique_ptr<FileLibrary>(new FileLibrary(std::move(database)));
}

Result<base::Done> FileLibrary::put(const Phrase& phrase) {
  const base::Lock lock(database_->mutex);
  if (database_->put(phrase)) return base::Done{};
  return Error{ErrorCode::io, "the library does not take the phrase"};
}

Result<base::Done> FileLibrary::remove(std::string_view folder) {
  const base::Lock lock(database_->mutex);
  if (database_->remove(folder)) return base::Done{};
  return Error{ErrorCode::io, "the library does not forget the phrase"};
}

bool FileLibrary::has(std::string_view folder) const {
  const base::Lock lock(database_->mutex);
  Statement query(database_->handle(), "select 1 from phrases where folder = ?");
  return query.bind(folder).step() == SQLITE_ROW;
}

std::optional<Phrase> FileLibrary::find(std::string_view folder) const {
  const base::Lock lock(database_->mutex);
  Statement query(database_->handle(), "select " + std::string(columns) + " from phrases where folder = ?");
  return query.bind(folder).step() == SQLITE_ROW ? std::optional(phrase_in(query)) : std::nullopt;
}

std::vector<std::string> FileLibrary::folders() const {
  const base::Lock lock(database_->mutex);
  Statement query(database_->handle(), "select folder from phrases");
  std::vector<std::string> out;
  while (query.step() == SQLITE_ROW) out.push_back(query.text(0));
  return out;
}

std::optional<Phrase> FileLibrary::newest(std::string_view owner, std::string_view id) const {
  const base::Lock lock(database_->mutex);
  Statement query = prepared(database_->handle(), newest_query(owner, id, "phrases", ""));
  return query.step() == SQLITE_ROW ? std::optional(phrase_in(query)) : std::nullopt;
}

Result<std::vector<Phrase>> FileLibrary::list(const Wanted& wanted) const {
  const base::Lock lock(database_->mutex);
  Statement query =
      prepared(database_->handle(),
               list_query(wanted, "phrases", "", "folder in (select folder from words where words match $)",
                          search_of(wanted.words)));
  std::vector<Phrase> out;
  int state = query.step();
  for (; state == SQLITE_ROW; state = query.step()) out.push_back(phrase_in(query));
  if (state == SQLITE_DONE) return out;
  return Error{ErrorCode::io, "the library cannot be read"};
}

}  // namespace piste::library
