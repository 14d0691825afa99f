#include "cluster/directory.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/number.h"
#include "base/random_name.h"
#include "cluster/lease.h"
#include "cluster/migrate.h"
#include "session/events.h"

namespace piste::cluster {
namespace {

using session::Ended;
using session::SessionKey;
using session::SessionRecord;
using Stage = SessionRecord::Stage;

constexpr std::chrono::milliseconds beat_interval{500}, retry_interval{500}, unready_interval{2'000};
constexpr std::chrono::seconds farewell_limit{2};
constexpr std::chrono::minutes cleaning_interval{10};
constexpr std::chrono::seconds lost_interval{10};
// What waits for a database that is away. Beyond it the oldest is given up: what became of a session then is
// known to its own node only.
constexpr std::size_t most_writes = 20'000, most_bytes = 64 << 20;
constexpr std::size_t most_result = 4 << 20;  // bytes; longer ones are their own node's, or the store's
constexpr int most_failures = 3;              // of a result that a line may be too slow for

constexpr const char* put_statement =
    "insert into piste.session as s (owner, id, token_hash, boot, folder, record, stage, changed, began) "
    "select $1, $2, $3, $4, $5, $6, 'receiving', now(), now() - make_interval(secs => $7::float8) "
    "where not exists (select from piste.removed where folder = $5) "
    "on conflict (owner, id) do update set token_hash = excluded.token_hash, boot = excluded.boot, "
    "folder = excluded.folder, record = excluded.record, changed = now(), "
    "began = case when s.token_hash = excluded.token_hash then s.began else excluded.began end, "
    "stage = case when s.token_hash = excluded.token_hash then s.stage else 'receiving' end, "
    "result = null, asked_by = null, asked_at = null "
    "where (s.token_hash = excluded.token_hash and s.stage in ('receiving', 'ended')) "
    "or (s.token_hash <> excluded.token_hash and s.began < excluded.began)";

// Also of a session that an earlier run of this node had, as long as no other has gone on with it.
constexpr const char* processing_statement =
    "update piste.session set stage = 'ended', boot = $4, changed = now() where owner = $1 and id = $2 "
    "and token_hash = $3 and (boot = $4 or folder = $5) and stage in ('receiving', 'ended')";

#define PISTE_TOLD "insert into piste.event (boot, owner, type, fields) "

constexpr const char* gone_statement =
    "with gone as (delete from piste.session "
    "where owner = $1 and id = $2 and token_hash = $3 and (boot = $4 or folder = $5) "
    "and stage in ('receiving', 'ended') returning 1), "
    "told as (" PISTE_TOLD "select $4, $1, 'session_state', $6 from gone returning id) " PISTE_NOTIFY;

constexpr const char* tell_statement =
    "with told as (" PISTE_TOLD "values ($1, $2, $3, $4) returning id) " PISTE_NOTIFY;

// Whoever is first: what comes of a phrase follows from its frames and its log, whoever judges it. That it
// has failed is believed of the node that has the session only, and until another has judged it. There is
// nothing to be judged any more. Nothing is said of a phrase that its owner has removed.
constexpr const char* ended_statement =
    "with done as (delete from piste.job where owner = $1 and id = $2 and folder = $5) "
    "insert into piste.session as s (owner, id, token_hash, boot, folder, stage, result, changed, began) "
    "select $1, $2, $3, $4, $5, $6, $7, now(), now() where not exists (select from piste.removed r "
    "where r.folder = $5 or (r.owner = $1 and r.id = $2 and r.token_hash = $3 and $3 <> '')) "
    "on conflict (owner, id) do update set boot = excluded.boot, folder = excluded.folder, "
    "stage = excluded.stage, result = excluded.result, changed = now() "
    "where s.token_hash = excluded.token_hash and s.stage <> 'complete' and (excluded.stage = 'complete' "
    "or (s.stage <> 'failed' and (s.boot = excluded.boot or s.folder = excluded.folder)))";

constexpr const char* removed_statement =
    "with gone as (delete from piste.session where owner = $1 and id = $2 and folder = $3 "
    "returning token_hash), "
    "listed as (delete from piste.phrase where folder = $3) insert into piste.removed (folder, owner, id, "
    "token_hash) "
    "select $3, $1, $2, coalesce((select token_hash from gone), '') on conflict (folder) do nothing";

constexpr const char* removed_after_statement =
    "select number, owner, id, folder from piste.removed where number > $1::bigint order by number limit 500";

// A session is given to whoever has its frames on its disk and holds them, to whoever was given it before,
// to anybody where no run that lives has it, and to whoever is asked for it a second time: then the client
// finds no way to the node that has it. One that is being judged by a node that lives stays there. A bout
// does, wherever it is: nobody but its node can go on with it. Who asks for it elsewhere is to come again,
// for a minute where that node does not live; then it is unknown.
constexpr const char* claim_statement =
    "with held as (select stage in ('complete', 'failed') as over, boot = $4 or folder = $5 as own, "
    "  exists (select from piste.node n where n.boot = s.boot and n.heard > now() - " PISTE_LEASE
    ") as alive, "
    "  stage = 'receiving' and coalesce(asked_by = $4 and asked_at between now() - interval '30 s' "
    "    and now() - interval '0.8 s', false) as insists, "
    "  coalesce(record::json->>'mode', '') = 'bout' as bout, coalesce(asked_by = $4 and asked_at between "
    "    now() - interval '2 minutes' and now() - interval '1 minute', false) as waited "
    "  from piste.session s where owner = $1 and id = $2 and token_hash = $3 for update), "
    "decided as (select over, bout, not over and (own or (not bout and (not alive or insists))) as taken "
    "  from held where over or own or alive or not (bout and waited)) "
    "update piste.session s set changed = now(), "
    "  boot = case when taken then $4 else s.boot end, "
    "  stage = case when taken and $5 = '' then 'receiving' else s.stage end, "
    "  asked_by = case when taken or over then null else $4 end, "
    "  asked_at = case when taken or over then null "
    "    when s.asked_by = $4 and s.asked_at > now() - case when bout then interval '2 minutes' "
    "      else interval '30 s' end then s.asked_at else now() end "
    "from decided where s.owner = $1 and s.id = $2 "
    "returning over, taken, s.stage, s.record, s.result, s.folder";

// What its owner has removed has been judged.
constexpr const char* whose_statement =
    "select bool_or(judged), bool_or(alive) from (select s.stage = 'complete' as judged, "
    "s.stage <> 'failed' and exists (select from piste.node n where n.boot = s.boot "
    "and n.heard > now() - " PISTE_LEASE
    ") as alive from piste.session s where owner = $1 and id = $2 and token_hash = $3 and folder <> $4 "
    "union all select true, false from piste.removed "
    "where folder = $4 or (owner = $1 and id = $2 and token_hash = $3 and $3 <> '')) known "
    "having count(*) > 0";

// In parts, each of which the database can do in a statement's time.
#define PISTE_PART " limit 500) returning 1"

constexpr const char* forgotten_statement =
    "delete from piste.session where ctid in (select s.ctid from piste.session s "
    "where stage in ('receiving', 'ended') and changed < now() - interval '1 day' "
    "and not exists (select from piste.job j where j.owner = s.owner and j.id = s.id) "
    "and not exists (select from piste.node n where n.boot = s.boot and n.heard > now() - " PISTE_LEASE
    ")" PISTE_PART;

constexpr const char* old_statement =
    "delete from piste.session where ctid in (select ctid from piste.session "
    "where stage in ('complete', 'failed') and $1::int > 0 "
    "and changed < now() - make_interval(hours => $1::int)" PISTE_PART;

// Of phrases whose folders, which begin with the time, their nodes have removed by now.
constexpr const char* old_phrases_statement =
    "delete from piste.phrase where ctid in (select ctid from piste.phrase "
    "where $1::int > 0 and folder < to_char((now() - make_interval(hours => $1::int)) at time zone 'UTC', "
    "'YYYYMMDD\"T\"HH24MISS')" PISTE_PART;

// For as long as a node may be away that has some of it.
constexpr const char* old_removed_statement =
    "delete from piste.removed where ctid in (select ctid from piste.removed where $1::int > 0 "
    "and at < now() - greatest(make_interval(hours => $1::int), interval '90 days')" PISTE_PART;

constexpr const char* find_statement =
    "select s.stage, s.result, s.token_hash, s.folder, j.id is not null, j.boot, j.progress "
    "from piste.session s left join piste.job j on j.owner = s.owner and j.id = s.id "
    "where s.owner = $1 and s.id = $2";

// A job's node is the one that has taken it.
constexpr const char* running_statement =
    "select s.id, s.stage, n.id, j.id is not null, j.boot, j.progress from piste.session s "
    "left join piste.job j on j.owner = s.owner and j.id = s.id left join piste.node n on "
    "n.boot = case when j.id is null then s.boot else j.boot end and n.heard > now() - " PISTE_LEASE
    " where s.owner = $1 and s.stage in ('receiving', 'ended') "
    "and (n.boot <> $2 or (n.boot is null and j.id is not null)) order by s.id limit 1000";

constexpr const char* beat_statement =
    "insert into piste.node (boot, id, heard, seats, max_sessions, memory_bytes, max_memory_bytes, store) "
    "values ($1, $2, now(), $3::jsonb, $4, $5, $6, $7) on conflict (boot) do update set heard = now(), "
    "seats = excluded.seats, max_sessions = excluded.max_sessions, memory_bytes = excluded.memory_bytes, "
    "max_memory_bytes = excluded.max_memory_bytes";

constexpr const char* nodes_statement =
    "select id, extract(epoch from now() - heard), max_sessions, memory_bytes, max_memory_bytes "
    "from piste.node where heard > now() - " PISTE_LEASE " order by id";

// Null for the number of other runs of this node's name.
constexpr const char* others_statement =
    "select null, count(*) from piste.node where id = $2 and boot <> $1 and heard > now() - " PISTE_LEASE
    " union all select key, sum(value::bigint) from piste.node, jsonb_each_text(seats) "
    "where boot <> $1 and heard > now() - " PISTE_LEASE " group by key";

bool is_over(const Value& stage) {
  return stage == "complete" || stage == "failed";
}

bool is_true(const Value& value) {
  return value == "t";
}

// Of an upload that any node may judge: three columns from this one on.
std::optional<session::Directory::Shared> shared_in(const std::vector<Value>& row, std::size_t column) {
  if (!is_true(row[column])) return std::nullopt;
  const double progress = base::number_in<double>(row[column + 2].value_or("")).value_or(0);
  return session::Directory::Shared{row[column + 1].has_value(), progress};
}

std::size_t size_of(const std::vector<Value>& values) {
  std::size_t size = 0;
  for (const Value& value : values) size += value ? value->size() : 0;
  return size;
}

}  // namespace

Directory::Directory(Options options)
    : options_(std::move(options)),
      boot_(base::random_name()),
      hearing_(options_.url, boot_),
      library_(line_, options_.node),
      jobs_(line_, boot_, options_.store),
      thread_([this] { run(); }) {}

Directory::~Directory() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// ---- what is told

void Directory::put(const SessionRecord& record, const std::string& folder, session::TimePoint began) {
  write_later({put_statement,
               {record.owner, record.start.session_id, record.token_hash, boot_, folder, print(record)},
               began});
}

void Directory::processing(const SessionRecord& record, const std::string& folder) {
  write_later(
      {processing_statement, {record.owner, record.start.session_id, record.token_hash, boot_, folder}, {}});
}

void Directory::gone(const SessionRecord& record, const std::string& folder) {
  const boost::json::object event{{"session_id", record.start.session_id}, {"state", session::gone_state}};
  write_later({gone_statement,
               {record.owner, record.start.session_id, record.token_hash, boot_, folder,
                boost::json::serialize(event)},
               {}});
}

void Directory::ended(const SessionKey& key, const Ended& ended) {
  const bool fits = !ended.text.empty() && ended.text.size() <= most_result;
  write_later({ended_statement,
               {key.owner, key.id, ended.token_hash, boot_, ended.directory.filename().string(),
                ended.succeeded ? "complete" : "failed", fits ? Value(ended.text) : std::nullopt},
               {}});
}

void Directory::removed(const SessionKey& key, const std::string& folder) {
  write_later({removed_statement, {key.owner, key.id, folder}, {}});
}

// Events are the first that are left out.
void Directory::tell(const std::string& owner, std::string_view type, const std::string& fields) {
  {
    const base::Lock lock(mutex_);
    if (outbox_.size() > most_writes / 2 || bytes_ > most_bytes / 2) return;
  }
  write_later({tell_statement, {boot_, owner, std::string(type), fields}, {}});
}

void Directory::write_later(Write write) {
  {
    const base::Lock lock(mutex_);
    bytes_ += size_of(write.values);
    outbox_.push_back(std::move(write));
    while (outbox_.size() > most_writes || bytes_ > most_bytes) {
      bytes_ -= size_of(outbox_.front().values);
      outbox_.pop_front();
    }
  }
  changed_.notify_all();
}

void Directory::share(Seats own, const session::Totals& totals) {
  const base::Lock lock(mutex_);
  own_ = std::move(own);
  totals_ = totals;
}

std::size_t Directory::seats_elsewhere(const std::string& owner) const {
  const base::Lock lock(mutex_);
  const auto found = others_.find(owner);
  return found == others_.end() ? 0 : found->second;
}

// ---- what is asked

Directory::Claim Directory::claim(const SessionKey& key, const std::string& token_hash,
                                  const std::string& folder) {
  const auto answer = line_.ask(claim_statement, {key.owner, key.id, token_hash, boot_, folder});
  if (!answer) return {};
  if (answer->empty()) return {Claim::Kind::unknown, {}, {}};
  const auto& row = answer->front();
  if (is_true(row[0]))
    return {Claim::Kind::over, {}, {token_hash, row[2] == "complete", row[4].value_or(""), {}, 0}};
  if (!is_true(row[1])) return {Claim::Kind::elsewhere, {}, {}};
  return {Claim::Kind::ours, session::parse_session_record(row[3].value_or("")), {}};
}

Directory::Whose Directory::whose(const SessionKey& key, const std::string& token_hash,
                                  const std::string& folder) {
  const auto answer = line_.ask(whose_statement, {key.owner, key.id, token_hash, folder});
  if (!answer) return Whose::away;
  if (answer->empty()) return Whose::ours;
  if (is_true(answer->front()[0])) return Whose::judged;
  return is_true(answer->front()[1]) ? Whose::anothers : Whose::ours;
}

std::optional<Directory::Known> Directory::find(const SessionKey& key) {
  const auto answer = line_.ask(find_statement, {key.owner, key.id});
  if (!answer || answer->empty()) return std::nullopt;
  const auto& row = answer->front();
  Known known{Stage::receiving, {}, row[2].value_or(""), row[3].value_or(""), shared_in(row, 4)};
  if (row[0] == "ended") known.stage = Stage::ended;
  if (!is_over(row[0])) return known;
  known.stage = Stage::complete;
  known.ended = {known.token_hash, row[0] == "complete", row[1].value_or(""), {}, 0};
  return known;
}

std::optional<std::vector<session::Removed>> Directory::removed_after(std::int64_t number) {
  const auto rows = line_.ask(removed_after_statement, {std::to_string(number)});
  if (!rows) return std::nullopt;
  std::vector<session::Removed> out;
  for (const auto& row : *rows)
    out.push_back({base::number_in<std::int64_t>(row[0].value_or("")).value_or(0),
                   {row[1].value_or(""), row[2].value_or("")},
                   row[3].value_or("")});
  return out;
}

std::vector<Directory::Running> Directory::running(const std::string& owner) {
  std::vector<Running> out;
  const auto rows = line_.ask(running_statement, {owner, boot_});
  if (!rows) return out;
  for (const auto& row : *rows)
    out.push_back({row[0].value_or(""), row[1] == "ended" ? Stage::ended : Stage::receiving,
                   row[2].value_or(""), shared_in(row, 3)});
  return out;
}

std::optional<std::vector<Directory::Node>> Directory::nodes() {
  const auto rows = line_.ask(nodes_statement, {});
  if (!rows) return std::nullopt;
  std::vector<Node> out;
  const auto size_in = [](const Value& value) {
    return base::number_in<std::size_t>(value.value_or("")).value_or(0);
  };
  for (const auto& row : *rows)
    out.push_back({row[0].value_or(""),
                   base::number_in<double>(row[1].value_or("")).value_or(0),
                   {size_in(row[2]), size_in(row[3]), size_in(row[4])}});
  return out;
}

// ---- the thread

void Directory::run() {
  while (sleep()) safely([this] { round(); });
  safely([this] { farewell(); });
}

// What is not expected must not end the service.
void Directory::safely(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::exception& unexpected) {
    lost(unexpected.what());
  }
}

void Directory::round() {
  if (!writer_ && !connect()) return;
  if (Clock::now() >= next_ && !beat()) return;
  line_.open(options_.url);
  while (Clock::now() < next_ && write_one()) {
  }
  if (writer_ && Clock::now() >= next_cleaning_) {
    next_cleaning_ = Clock::now() + cleaning_interval;
    clean();
  }
  if (writer_ && Clock::now() >= next_end_of_lost_) {
    next_end_of_lost_ = Clock::now() + lost_interval;
    if (const auto ended = jobs_.end_lost(*writer_); !ended) lost(ended.error().message);
  }
  if (!writer_ || std::exchange(told_there_, true)) return;
  told_away_ = false;
  base::log::info("", "The cluster's database answers; this node is " + options_.node);
}

void Directory::farewell() {
  const auto end = Clock::now() + farewell_limit;
  while (writer_ && Clock::now() < end && write_one()) {
  }
  if (writer_) (void)jobs_.write(*writer_);
  if (writer_) (void)writer_->ask("delete from piste.node where boot = $1", {boot_});
}

// Until there is something to do; false: the end has come.
bool Directory::sleep() {
  base::Lock lock(mutex_);
  while (!stopping_ && Clock::now() < next_ && (outbox_.empty() || !writer_))
    changed_.wait_until(lock, next_);
  return !stopping_;
}

bool Directory::connect() {
  next_ = Clock::now() + retry_interval;
  auto writer = Connection::open(options_.url);
  if (!writer) return lost(writer.error().message), false;
  if (const auto ready = migrate(*writer); !ready) {
    next_ = Clock::now() + unready_interval;
    return lost(ready.error().message), false;
  }
  writer_.emplace(std::move(*writer));
  // Earlier runs of this name: only one of a name lives.
  (void)writer_->ask("delete from piste.node where id = $1 and boot <> $2", {options_.node, boot_});
  return beat();
}

void Directory::lost(const std::string& why) {
  writer_.reset();
  told_there_ = false;
  {
    const base::Lock lock(mutex_);
    others_.clear();  // what they had may be theirs no more
  }
  if (std::exchange(told_away_, true)) return;
  base::log::warning(
      "", "The cluster's database cannot be asked; what happens here is written there later: " + why);
}

bool Directory::beat() {
  next_ = Clock::now() + beat_interval;
  boost::json::object own;
  session::Totals totals;
  {
    const base::Lock lock(mutex_);
    totals = totals_;
    for (const auto& [owner, count] : own_) own[owner] = count;
  }
  const auto asked = Clock::now();
  auto told =
      writer_->ask(beat_statement, {boot_, options_.node, boost::json::serialize(own),
                                    std::to_string(totals.max_sessions), std::to_string(totals.memory_bytes),
                                    std::to_string(totals.max_memory_bytes), options_.store});
  if (told) told = writer_->ask(others_statement, {boot_, options_.node});
  if (!told) return lost(told.error().message), false;
  if (const auto written = jobs_.write(*writer_); !written) return lost(written.error().message), false;
  jobs_.heard(asked, Clock::now());
  Seats others;
  for (const auto& row : *told) {
    const auto count = base::number_in<std::size_t>(row[1].value_or("")).value_or(0);
    if (row[0]) {
      others[*row[0]] = count;
    } else if (count > 0 && !std::exchange(told_twin_, true)) {
      base::log::error("", "Another service of the cluster has this node's name too, " + options_.node +
                               ": give each another REFEREE_NODE_ID");
    }
  }
  const base::Lock lock(mutex_);
  others_ = std::move(others);
  return true;
}

// False: there is nothing to write, or nowhere to. What was being written when the connection broke may be
// there already: each statement may be run twice.
bool Directory::write_one() {
  Write write;
  {
    const base::Lock lock(mutex_);
    if (outbox_.empty()) return false;
    write = std::move(outbox_.front());
    outbox_.pop_front();
    bytes_ -= size_of(write.values);
  }
  auto values = write.values;
  if (write.began) {
    const std::chrono::duration<double> ago = Clock::now() - *write.began;
    values.emplace_back(std::to_string(ago.count()));
  }
  const auto written = writer_->ask(write.statement, values);
  if (written) return true;
  if (written.error().code == ErrorCode::refused) {
    base::log::error("", "The cluster's database does not take what it is told: " + written.error().message);
    return true;
  }
  lost(written.error().message);
  // Others wait for it, and the database answers when it is asked something short.
  if (++write.failures == most_failures && write.statement == ended_statement) write.values.back() = {};
  const base::Lock lock(mutex_);
  bytes_ += size_of(write.values);
  outbox_.push_front(std::move(write));
  return false;
}

// What nobody goes on with, and what is older than results are kept. A part of it: what is left comes in a
// moment.
void Directory::clean() {
  const Value most = std::to_string(options_.kept.count());
  for (const auto& [statement, values] : {
           std::pair(forgotten_statement, std::vector<Value>{}),
           std::pair("delete from piste.node where heard < now() - interval '1 day'", std::vector<Value>{}),
           std::pair("delete from piste.event where at < now() - interval '10 minutes'",
                     std::vector<Value>{}),
           std::pair(old_statement, std::vector<Value>{most}),
           std::pair(old_removed_statement, std::vector<Value>{most}),
           std::pair(old_phrases_statement, std::vector<Value>{options_.store.empty() ? most : Value("0")}),
       }) {
    const auto done = writer_->ask(statement, values);
    if (!done) return lost(done.error().message);
    if (!done->empty()) next_cleaning_ = Clock::now();
  }
}

}  // namespace piste::cluster
