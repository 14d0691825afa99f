#include "library/library.h"

#include <sqlite3.h>

#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "library/database.h"
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

Statement query_of(sqlite3* database, const Wanted& wanted) {
  std::string sql = "select " + std::string(columns) + " from phrases where owner = ?";
  std::vector<std::string_view> values{wanted.owner};
  const auto narrow = [&](std::string_view condition, std::string_view value) {
    if (value.empty()) return;
    sql.append(" and ").append(condition);
    values.push_back(value);
  };
  const std::string search = search_of(wanted.words);
  narrow("folder < ?", wanted.before);
  narrow("bout = ?", wanted.bout);
  narrow("? in (left_fencer, right_fencer)", wanted.fencer);
  narrow("weapon = ?", wanted.weapon);
  narrow("folder >= ?", wanted.from);
  narrow("folder < ?", wanted.until);
  narrow("folder in (select folder from words where words match ?)", search);
  if (wanted.review) sql += " and review = 1";
  sql += " order by folder desc limit ?";
  Statement query(database, sql);
  for (const std::string_view value : values) query.bind(value);
  query.bind(wanted.limit);
  return query;
}

}  // namespace

Library::Library(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Library::~Library() = default;

Result<std::unique_ptr<Library>> Library::open(const std::filesystem::path& file) {
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
  return std::unique_ptr<Library>(new Library(std::move(database)));
}

Result<base::Done> Library::put(const Phrase& phrase) {
  const base::Lock lock(database_->mutex);
  if (database_->put(phrase)) return base::Done{};
  return Error{ErrorCode::io, "the library does not take the phrase"};
}

void Library::remove(std::string_view folder) {
  const base::Lock lock(database_->mutex);
  database_->remove(folder);
}

bool Library::has(std::string_view folder) const {
  const base::Lock lock(database_->mutex);
  Statement query(database_->handle(), "select 1 from phrases where folder = ?");
  return query.bind(folder).step() == SQLITE_ROW;
}

std::optional<std::string> Library::folder_of(std::string_view owner, std::string_view id) const {
  const base::Lock lock(database_->mutex);
  Statement query(database_->handle(),
                  "select folder from phrases where owner = ? and id = ? order by folder desc limit 1");
  query.bind(owner).bind(id);
  return query.step() == SQLITE_ROW ? std::optional(query.text(0)) : std::nullopt;
}

Result<std::vector<Phrase>> Library::list(const Wanted& wanted) const {
  const base::Lock lock(database_->mutex);
  Statement query = query_of(database_->handle(), wanted);
  std::vector<Phrase> out;
  int state = query.step();
  for (; state == SQLITE_ROW; state = query.step()) out.push_back(row_in(query));
  if (state == SQLITE_DONE) return out;
  return Error{ErrorCode::io, "the library cannot be read"};
}

}  // namespace piste::library
