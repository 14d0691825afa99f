#include "cluster/hearing.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/number.h"

namespace piste::cluster {
namespace {

constexpr std::chrono::milliseconds hearing_interval{1'000}, connect_again{1'000};
constexpr std::size_t most_heard = 1'000;
// Numbers are given before rows can be seen: one that comes late may be so much smaller than those before it.
constexpr std::int64_t most_behind = 200;

constexpr const char* event_statement =
    "select id, owner, type, fields from piste.event where id = $1 and boot <> $2";
constexpr const char* missed_statement =
    "select id, owner, type, fields from piste.event where id > $1 and boot <> $2 order by id limit $3";
constexpr std::size_t missed_page = 500;  // rows at a time

std::int64_t number_of(const Value& value) {
  return base::number_in<std::int64_t>(value.value_or("")).value_or(0);
}

}  // namespace

Hearing::Hearing(std::string url, std::string boot)
    : url_(std::move(url)),
      boot_(std::move(boot)),
      waker_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

Hearing::~Hearing() {
  ::eventfd_write(waker_, 1);
  thread_.join();
  ::close(waker_);
}

void Hearing::hear(session::Directory::Hearer hearer) {
  const base::Lock lock(mutex_);
  hearer_ = std::move(hearer);
}

// False: the end has come.
bool Hearing::pause() const {
  pollfd ended{waker_, POLLIN, 0};
  const auto limit = connection_ ? std::chrono::milliseconds(0) : connect_again;
  return ::poll(&ended, 1, static_cast<int>(limit.count())) <= 0;  // a signal is no end
}

// What is not expected must not end the service. While the database is away, the directory says so.
void Hearing::run() {
  do {
    try {
      if ((connection_ || (connect() && catch_up())) && listen()) continue;
    } catch (const std::exception& unexpected) {
      base::log::error("", std::string("Hearing the other nodes: ") + unexpected.what());
    }
    connection_.reset();
  } while (pause());
}

bool Hearing::connect() {
  auto made = Connection::open(url_);
  if (!made) return false;
  connection_.emplace(std::move(*made));
  return connection_->ask("listen piste_event").ok();
}

bool Hearing::catch_up() {
  if (last_) {
    std::int64_t from = *last_ - most_behind;
    for (;;) {
      const auto missed =
          connection_->ask(missed_statement, {std::to_string(from), boot_, std::to_string(missed_page)});
      if (!take(missed)) return false;
      if (!missed || missed->size() < missed_page) return true;
      from = number_of(missed->back().front());
    }
  }
  const auto newest = connection_->ask("select coalesce(max(id), 0) from piste.event");
  if (newest) last_ = number_of(newest->front().front());
  return newest.ok();
}

bool Hearing::listen() {
  const auto told = connection_->notifications(waker_, hearing_interval);
  if (!told) return false;
  return std::ranges::all_of(*told, [this](const std::string& number) {
    return take(connection_->ask(event_statement, {number, boot_}));
  });
}

bool Hearing::take(const Result<Rows>& events) {
  if (!events) return events.error().code == ErrorCode::refused;  // a payload that is no number
  for (const auto& row : *events) {
    const std::int64_t number = number_of(row[0]);
    if (!heard_.insert(number).second) continue;
    last_ = std::max(last_.value_or(0), number);
    if (heard_.size() > most_heard) heard_.erase(heard_.begin());
    const base::Lock lock(mutex_);
    if (hearer_) hearer_(row[1].value_or(""), row[2].value_or(""), row[3].value_or("{}"));
  }
  return true;
}

}  // namespace piste::cluster
