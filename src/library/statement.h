// One statement of SQLite's. For this module's own files.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

namespace piste::library {

class Statement {
 public:
  // sql that SQLite does not take: bool() is false.
  Statement(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    statement_.reset(made);
  }
  explicit operator bool() const { return statement_ != nullptr; }

  // The next '?'.
  Statement& bind(std::string_view text) {
    const char* bytes = text.empty() ? "" : text.data();  // nullptr would be NULL, which is equal to nothing
    sqlite3_bind_text(get(), ++bound_, bytes, static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(double value) {
    sqlite3_bind_double(get(), ++bound_, value);
    return *this;
  }
  Statement& bind(int value) {
    sqlite3_bind_int(get(), ++bound_, value);
    return *this;
  }

  int step() { return statement_ ? sqlite3_step(get()) : SQLITE_ERROR; }
  bool run() { return step() == SQLITE_DONE; }

  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(get(), column));
    return bytes ? std::string(bytes, size) : std::string();
  }
  double number(int column) const { return sqlite3_column_double(get(), column); }
  int integer(int column) const { return sqlite3_column_int(get(), column); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  sqlite3_stmt* get() const { return statement_.get(); }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

}  // namespace piste::library
