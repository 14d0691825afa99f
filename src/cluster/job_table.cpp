#include "cluster/job_table.h"

#include <utility>

#include "base/log.h"
#include "base/number.h"
#include "cluster/lease.h"
#include "session/phrase_folder.h"

namespace piste::cluster {
namespace {

using session::Job;
using session::SharedJob;

// Others may take what a run has that was not heard for PISTE_JOB_LEASE; it lets go of it some time before.
// As long as that, so that a database that is away for a moment costs no work.
#define PISTE_JOB_LEASE "interval '10 s'"
constexpr std::chrono::seconds own_lease{8};

constexpr std::size_t most_waiting = 256;  // of an owner

constexpr const char* has_job_statement =
    "select exists (select from piste.session where owner = $1 and id = $2 and stage in ('complete', "
    "'failed')) or exists (select from piste.job where owner = $1 and id = $2) "
    "or exists (select from piste.removed where folder = $3)";

// The session may be told of later than the job: others must find it as soon as they may take that. Where it
// is over (this node was killed when it had put the job, and puts it again) there is nothing to be done, nor
// where its owner has removed it since.
constexpr const char* put_job_statement =
    "with over as (select 1 from piste.session where owner = $1 and id = $2 and stage in ('complete', "
    "'failed') union all select 1 from piste.removed where folder = $3), "
    "known as (insert into piste.session (owner, id, token_hash, boot, folder, stage, changed, began) "
    "  select $1, $2, '', $6, $3, 'ended', now(), now() where not exists (select from over) "
    "  on conflict (owner, id) do nothing), "
    "added as (insert into piste.job (owner, id, folder, store, job, boot, attempts) "
    "  select $1, $2, $3, $4, $5, $6, $7::int where not exists (select from over) "
    "  and (select count(*) from piste.job where owner = $1) < $8::int "
    "  on conflict (owner, id) do nothing returning 1) "
    "select exists (select from over) or exists (select from added) "
    "or exists (select from piste.job where owner = $1 and id = $2)";

// By a run that the others take for living, too.
constexpr const char* take_job_statement =
    "with oldest as (select j.owner, j.id from piste.job j where j.store = $2 "
    "  and exists (select from piste.node n where n.boot = $1 and n.heard > now() - " PISTE_LEASE
    ") and (j.boot is null or not exists (select from piste.node n where n.boot = j.boot "
    "    and n.heard > now() - " PISTE_JOB_LEASE
    ")) order by j.added limit 1 for update of j skip locked) "
    "update piste.job j set boot = $1, take = $3::bigint, attempts = j.attempts + 1, progress = 0 from "
    "oldest o "
    "where j.owner = o.owner and j.id = o.id "
    "returning j.owner, j.id, j.folder, j.job, j.attempts - 1";

constexpr const char* give_back_job_statement =
    "update piste.job set boot = null, attempts = $4::int, progress = 0 "
    "where owner = $1 and id = $2 and boot = $3 and take = $5::bigint";

// This run has it, and does not know.
constexpr const char* lost_take_statement =
    "update piste.job set boot = null, attempts = attempts - 1 where boot = $1 and take = $2::bigint";

constexpr const char* job_progress_statement =
    "update piste.job set progress = $4::float8 where owner = $1 and id = $2 and boot = $3";

// Nodes that have its store may only be away; those that do not say which they have may have it.
constexpr const char* alone_statement =
    "update piste.job j set alone_since = case when j.alone_since is null then now() end "
    "where (j.alone_since is null) <> exists (select from piste.node n where n.heard > now() - " PISTE_LEASE
    " and (n.store is null or n.store = j.store))";

constexpr const char* lost_statement =
    "with lost as (delete from piste.job where alone_since < now() - interval '10 minutes' "
    "  returning owner, id, store), "
    "failed as (update piste.session s set stage = 'failed', result = $1, changed = now() from lost l "
    "  where s.owner = l.owner and s.id = l.id and s.stage in ('receiving', 'ended') "
    "  returning s.owner, s.id), "
    "told as (insert into piste.event (boot, owner, type, fields) select '', owner, 'session_state', "
    "  json_build_object('session_id', id, 'state', 'FAILED')::text from failed returning id), "
    "heard as (select count(*) from (select pg_notify('piste_event', id::text) from told) one) "
    "select id, store from lost, heard";

// nullopt: none that a node of this version has put there.
std::optional<SharedJob> job_of(const std::vector<Value>& row) {
  auto job = session::parse_job(row[3].value_or(""));
  const auto attempts = base::number_in<int>(row[4].value_or(""));
  SharedJob out{{row[0].value_or(""), row[1].value_or("")}, row[2].value_or(""), {}};
  if (!job || !attempts || !session::PhraseFolder::is_name(out.folder)) return std::nullopt;
  out.job = std::move(*job);
  out.job.attempts = *attempts;
  return out;
}

}  // namespace

std::optional<bool> JobTable::has(const SharedJob& job) {
  const auto there = line_.ask(has_job_statement, {job.key.owner, job.key.id, job.folder});
  if (!there || there->empty()) return std::nullopt;
  return there->front().front() == "t";
}

bool JobTable::put(const SharedJob& job) {
  const auto there =
      line_.ask(put_job_statement, {job.key.owner, job.key.id, job.folder, store_, print(job.job), boot_,
                                    std::to_string(job.job.attempts), std::to_string(most_waiting)});
  return there && !there->empty() && there->front().front() == "t";
}

std::optional<SharedJob> JobTable::take() {
  const std::uint64_t now = lease();
  if (now == 0) return std::nullopt;
  const std::uint64_t take = begin_take();
  const auto rows = line_.ask(take_job_statement, {boot_, store_, std::to_string(take)});
  if (!rows) lost(take);
  if (!rows || rows->empty()) return std::nullopt;
  auto taken = job_of(rows->front());
  if (!taken) {
    base::log::error("", "An upload that the nodes share cannot be read: " + rows->front()[1].value_or(""));
    return std::nullopt;
  }
  taken->lease = now;
  taken->take = take;
  return taken;
}

std::uint64_t JobTable::begin_take() {
  const base::Lock lock(mutex_);
  return ++takes_;
}

void JobTable::lost(std::uint64_t take) {
  const base::Lock lock(mutex_);
  lost_.push_back(take);
}

void JobTable::give_back(const SharedJob& job) {
  const base::Lock lock(mutex_);
  progress_.erase(job.key);
  given_back_.push_back(job);
}

void JobTable::progress(const SharedJob& job, double progress) {
  const base::Lock lock(mutex_);
  progress_[job.key] = progress;
}

bool JobTable::holds(const SharedJob& job) const {
  return lease() == job.lease;
}

// Zero: none now.
std::uint64_t JobTable::lease() const {
  const base::Lock lock(mutex_);
  return Clock::now() < lease_end_ ? lease_ : 0;
}

void JobTable::heard(Clock::time_point asked, Clock::time_point answered) {
  const base::Lock lock(mutex_);
  if (answered >= lease_end_) ++lease_;  // others may have taken what it had meanwhile
  lease_end_ = asked + own_lease;
}

Result<base::Done> JobTable::write(Connection& connection) {
  std::map<session::SessionKey, double> progress;
  {
    const base::Lock lock(mutex_);
    progress.swap(progress_);
  }
  for (const auto& [key, value] : progress) {
    const auto told =
        connection.ask(job_progress_statement, {key.owner, key.id, boot_, std::to_string(value)});
    if (!told) return told.error();
  }
  if (const auto written = write_given_back(connection); !written) return written.error();
  return write_lost(connection);
}

Result<base::Done> JobTable::end_lost(Connection& connection) {
  if (const auto seen = connection.ask(alone_statement); !seen) return seen.error();
  const auto ended = connection.ask(
      lost_statement, {"Its film is in a bucket that no node of the cluster has any more: send it again"});
  if (!ended) return ended.error();
  for (const auto& row : *ended)
    base::log::error(row[0].value_or(""),
                     "has failed: no node has the bucket of its film, " + row[1].value_or(""));
  return base::Done{};
}

// What is written is taken off the list by this thread alone, and all others add to its end.
Result<base::Done> JobTable::write_given_back(Connection& connection) {
  std::vector<SharedJob> given_back;
  {
    const base::Lock lock(mutex_);
    given_back = given_back_;
  }
  for (const SharedJob& job : given_back) {
    const auto told = connection.ask(
        give_back_job_statement,
        {job.key.owner, job.key.id, boot_, std::to_string(job.job.attempts), std::to_string(job.take)});
    if (!told) return told.error();
    const base::Lock lock(mutex_);
    given_back_.erase(given_back_.begin());
  }
  return base::Done{};
}

Result<base::Done> JobTable::write_lost(Connection& connection) {
  std::vector<std::uint64_t> lost;
  {
    const base::Lock lock(mutex_);
    lost = lost_;
  }
  for (const std::uint64_t take : lost) {
    const auto told = connection.ask(lost_take_statement, {boot_, std::to_string(take)});
    if (!told) return told.error();
    const base::Lock lock(mutex_);
    lost_.erase(lost_.begin());
  }
  return base::Done{};
}

}  // namespace piste::cluster
