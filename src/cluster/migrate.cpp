#include "cluster/migrate.h"

#include <string>

#include "base/number.h"
#include "cluster/schema.h"

namespace piste::cluster {
namespace {

constexpr std::chrono::seconds limit{60};

// A transaction that is not brought to its end ends with the connection.
Result<Rows> run(Connection& connection, const char* statement, const std::vector<Value>& values = {}) {
  return connection.ask(statement, values, limit);
}

// The number in this service's range; steps that it does not know only add.
Result<std::size_t> version(Connection& connection) {
  const auto rows = run(connection, "select version from piste.schema");
  if (!rows) return rows.error();
  if (rows->empty()) return std::size_t{0};
  return base::number_in<std::size_t>(rows->front().front().value_or("")).value_or(0);
}

Result<base::Done> take(Connection& connection, std::size_t step) {
  for (const char* statement : schema_steps[step]) {
    if (const auto done = run(connection, statement); !done) return done.error();
  }
  const auto noted = run(connection, "update piste.schema set version = $1::int", {std::to_string(step + 1)});
  if (!noted) return noted.error();
  return base::Done{};
}

Result<base::Done> take_all(Connection& connection) {
  // The number is "piste" in letters; whoever holds it is alone until the transaction's end.
  for (const char* statement :
       {"set local statement_timeout = '60s'", "set local lock_timeout = '30s'",
        "select pg_advisory_xact_lock(482805511269)", "create schema if not exists piste",
        "create table if not exists piste.schema (version int not null)",
        "insert into piste.schema select 0 where not exists (select from piste.schema)"}) {
    if (const auto done = run(connection, statement); !done) return done.error();
  }
  const auto there = version(connection);
  if (!there) return there.error();
  for (std::size_t step = *there; step < schema_steps.size(); ++step) {
    if (const auto taken = take(connection, step); !taken) return taken.error();
  }
  return base::Done{};
}

// Most often there is nothing to do; then no right to make schemas is needed either.
bool is_newest(Connection& connection) {
  const auto there = run(connection, "select to_regclass('piste.schema') is not null");
  if (!there || there->empty() || there->front().front() != "t") return false;
  const auto known = version(connection);
  return known && *known >= schema_steps.size();
}

}  // namespace

Result<base::Done> migrate(Connection& connection) {
  if (is_newest(connection)) return base::Done{};
  if (const auto begun = run(connection, "begin"); !begun) return begun.error();
  if (const auto taken = take_all(connection); !taken) {
    (void)run(connection, "rollback");
    return taken.error();
  }
  if (const auto ended = run(connection, "commit"); !ended) return ended.error();
  return base::Done{};
}

}  // namespace piste::cluster
