#include "cluster/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/replace.hpp>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "cluster/libpq.h"

namespace piste::cluster {
namespace {

using std::chrono::milliseconds;

constexpr const char* hidden = "***";
constexpr milliseconds connect_limit{3'000}, usual_limit{1'000};
// The database gives up before we do, so that what it says is heard.
constexpr const char* settings =
    "select set_config('statement_timeout', '800', false), set_config('lock_timeout', '500', false), "
    "set_config('idle_in_transaction_session_timeout', '5000', false)";

const Libpq& pq() {
  return **libpq();
}

// On one line, without secrets, and no longer than it is worth.
std::string said(const char* message, const std::vector<std::string>& secrets) {
  constexpr std::size_t most = 300;
  std::string text(base::trimmed(message ? message : ""));
  for (const std::string& secret : secrets) boost::replace_all(text, secret, hidden);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::escaped(text.substr(0, most));
}

// By SQLSTATE: what is wrong with the values themselves. All else may pass: a database that is read-only for
// a while, or a right or a table that somebody gives back.
bool is_of_the_values(std::string_view state) {
  return state.starts_with("22") || state.starts_with("23") || state.starts_with("54");
}

Rows rows_of(const PGresult* result) {
  Rows rows(static_cast<std::size_t>(pq().rows(result)));
  const int columns = pq().columns(result);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const int at = static_cast<int>(row);
    for (int column = 0; column < columns; ++column) {
      if (pq().is_null(result, at, column))
        rows[row].emplace_back();
      else
        rows[row].emplace_back(std::string(pq().value(result, at, column),
                                           static_cast<std::size_t>(pq().length(result, at, column))));
    }
  }
  return rows;
}

Result<Rows> answer_of(const PGresult* result, const std::vector<std::string>& secrets) {
  const auto status = pq().result_status(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return rows_of(result);
  const char* state = pq().error_field(result, PG_DIAG_SQLSTATE);
  return Error{is_of_the_values(state ? state : "") ? ErrorCode::refused : ErrorCode::away,
               said(pq().result_message(result), secrets)};
}

// Where a URL's password may end is not clear: its owner's parser and libpq's may not agree.
bool is_unclear(std::string_view url) {
  const auto at = url.rfind('@');
  const auto begin = url.find("//");
  if (at == std::string_view::npos || begin == std::string_view::npos) return false;
  return url.find('@') != at || url.find_first_of("/?", begin + 2) < at;
}

// Precondition: libpq is there.
std::vector<std::string> secrets_in(const std::string& url) {
  std::vector<std::string> secrets;
  PQconninfoOption* options = pq().conninfo_parse(url.c_str(), nullptr);
  for (const auto* option = options; option && option->keyword; ++option) {
    const bool is_secret = std::string_view(option->keyword).ends_with("password");
    if (is_secret && option->val && *option->val) secrets.emplace_back(option->val);
  }
  if (options) pq().conninfo_free(options);
  return secrets;
}

}  // namespace

std::optional<std::string> wrong_in(const std::string& url) {
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
    return "it must be a URL: postgresql://USER@HOST/DATABASE";
  if (is_unclear(url))
    return "in user names and passwords '@', '/' and '?' must be percent-encoded: %40, %2F and %3F";
  const auto library = libpq();
  if (!library) return library.error().message;
  char* problem = nullptr;
  PQconninfoOption* options = pq().conninfo_parse(url.c_str(), &problem);
  if (options) {
    pq().conninfo_free(options);
    return std::nullopt;
  }
  pq().free_memory(problem);  // it may repeat a password
  return "it cannot be read; it must be postgresql://USER@HOST/DATABASE";
}

// In "//user:password@" and in "?password=".
std::string without_password(const std::string& url) {
  std::string shown = url;
  const auto begin = shown.find("//");
  if (begin == std::string::npos) return shown;
  if (is_unclear(shown)) return shown.replace(begin + 2, std::string::npos, hidden);
  const auto at = shown.rfind('@');
  const auto colon = shown.find(':', begin);
  if (at != std::string::npos && colon < at) shown.replace(colon + 1, at - colon - 1, hidden);
  constexpr std::string_view key = "password=";  // and sslpassword
  for (auto found = shown.find(key); found != std::string::npos; found = shown.find(key, found + 1)) {
    const auto from = found + key.size();
    shown.replace(from, std::min(shown.find('&', from), shown.size()) - from, hidden);
  }
  return shown;
}

void Connection::Finish::operator()(PGconn* connection) const {
  pq().finish(connection);
}

Error Connection::broken() const {
  const std::string why = said(pq().error_message(connection_.get()), secrets_);
  return {ErrorCode::away, why.empty() ? "no answer in time" : why};
}

bool Connection::wait(short events, Clock::time_point end) const {
  const auto left = std::chrono::ceil<milliseconds>(end - Clock::now()).count();
  if (left <= 0) return false;
  pollfd polled{pq().socket(connection_.get()), events, 0};
  const int ready = ::poll(&polled, 1, static_cast<int>(left));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

Result<Connection> Connection::open(const std::string& url) {
  const char* const keywords[] = {
      "dbname",           "application_name", "keepalives", "keepalives_idle", "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", nullptr};
  const char* const values[] = {url.c_str(), "piste", "1", "5", "2", "3", "5000", nullptr};
  Connection made(pq().connect_start(keywords, values, 1));
  if (!made.connection_) return Error{ErrorCode::away, "no memory"};
  made.secrets_ = secrets_in(url);
  const auto end = Clock::now() + connect_limit;
  if (const auto there = made.establish(end); !there) return there.error();
  pq().set_nonblocking(made.connection_.get(), 1);
  if (const auto set = made.ask(settings); !set) return set.error();
  return made;
}

Result<std::vector<std::string>> Connection::notifications(int waker, std::chrono::milliseconds limit) {
  std::vector<std::string> payloads;
  for (bool waited = false;; waited = true) {
    if (!pq().consume_input(connection_.get())) return broken();
    while (PGnotify* one = pq().notifies(connection_.get())) {
      payloads.emplace_back(one->extra);
      pq().free_memory(one);
    }
    if (waited || !payloads.empty()) return payloads;
    std::array<pollfd, 2> polled{{{pq().socket(connection_.get()), POLLIN, 0}, {waker, POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), static_cast<int>(limit.count())) < 0 && errno != EINTR)
      return broken();
  }
}

Result<base::Done> Connection::establish(Clock::time_point end) {
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
       state = pq().connect_poll(connection_.get())) {
    if (pq().status(connection_.get()) == CONNECTION_BAD || state == PGRES_POLLING_FAILED) return broken();
    if (!wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, end)) return broken();
  }
  return base::Done{};
}

Result<Rows> Connection::ask(const char* statement, const std::vector<Value>& values) {
  return ask(statement, values, usual_limit);
}

Result<Rows> Connection::ask(const char* statement, const std::vector<Value>& values, milliseconds limit) {
  std::vector<const char*> texts;
  for (const Value& value : values) {
    if (value && value->find('\0') != std::string::npos)
      return Error{ErrorCode::refused, "a text has a zero byte in it"};
    texts.push_back(value ? value->c_str() : nullptr);
  }
  const auto end = Clock::now() + limit;
  if (!pq().send_query(connection_.get(), statement, static_cast<int>(texts.size()), nullptr, texts.data(),
                       nullptr, nullptr, 0))
    return broken();
  if (const auto sent = send(end); !sent) return sent.error();
  return receive(end);
}

// While the other end has something to say it may take nothing more.
Result<base::Done> Connection::send(Clock::time_point end) {
  for (int more = pq().flush(connection_.get()); more != 0; more = pq().flush(connection_.get())) {
    if (more < 0 || !wait(POLLIN | POLLOUT, end)) return broken();
    if (!pq().consume_input(connection_.get())) return broken();
  }
  return base::Done{};
}

Result<Rows> Connection::receive(Clock::time_point end) {
  Result<Rows> answer = Error{ErrorCode::away, "no answer"};
  for (;;) {
    while (pq().is_busy(connection_.get())) {
      if (!wait(POLLIN, end) || !pq().consume_input(connection_.get())) return broken();
    }
    PGresult* result = pq().get_result(connection_.get());
    if (!result) return answer;
    answer = answer_of(result, secrets_);
    pq().clear(result);
  }
}

}  // namespace piste::cluster
