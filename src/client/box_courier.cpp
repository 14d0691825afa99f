#include "client/box_courier.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <optional>
#include <random>
#include <utility>

#include "base/steady.h"
#include "boxes/event_json.h"
#include "client/awaiting.h"
#include "client/backoff.h"
#include "client/box_messages.h"
#include "client/connect.h"
#include "client/websocket.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr int first_questions = 8;  // one behind the other, so that one finds the way free
constexpr std::chrono::milliseconds question_interval{2'000};
constexpr std::chrono::seconds pong_limit{10};  // without an answer the connection is dead
constexpr std::chrono::milliseconds look_again{100};
constexpr std::chrono::seconds last_words{2};

// 64 random bits: no two programs have the same.
std::string random_name() {
  std::random_device random;
  char text[32];
  std::snprintf(text, sizeof text, "box-%08x%08x", random(), random());
  return text;
}

}  // namespace

constexpr std::size_t longest_event = 8 << 10;  // bytes as JSON; the service takes messages of 64 KB

// All on the io_context's one thread, but for what says otherwise.
class BoxCourier::Course {
 public:
  explicit Course(CourierOptions options) : options_(std::move(options)), changed_(io_), signals_(io_) {}

  // From any thread. What is longer than any box says, a name of kilobytes, is left out: the service takes no
  // such message, and would get it again and again, and never what comes behind it.
  void push(const boxes::Event& event) {
    if (boxes::json_line(event).size() > longest_event) return;
    asio::post(io_, [this, event] {
      events_.push(event);
      changed_.cancel();
    });
  }

  void end() {  // from any thread
    asio::post(io_, [this] {
      ended_ = true;
      changed_.cancel();
    });
  }

  void interrupt() {  // from any thread
    asio::post(io_, [this] {
      ended_ = true;
      if (!give_up_) give_up_ = steady_clock::now() + last_words;
      changed_.cancel();
    });
  }

  void interrupt_on_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](const boost::system::error_code& stopped, int) {
      if (!stopped) interrupt();
    });
  }

  Result<base::Done> run() {
    asio::co_spawn(io_, deliver(), [this](std::exception_ptr unexpected) {
      io_.stop();
      if (unexpected) std::rethrow_exception(unexpected);
    });
    const auto at_work = asio::make_work_guard(io_);
    io_.run();
    if (failure_) return *failure_;
    return base::Done{};
  }

 private:
  template <class T>
  using Awaitable = asio::awaitable<T>;

  Awaitable<void> deliver() {
    Backoff backoff(std::random_device{}());
    while (!over()) {
      const auto why = co_await converse();
      if (failure_ || over()) co_return;
      // A wrong token at the start is a mistake; later a proxy may say anything while its server starts.
      if (refused_entry_ && !met_) {
        failure_ = Error{ErrorCode::no_entry, why};
        co_return;
      }
      if (opened_) backoff = Backoff(std::random_device{}());
      if (opened_ || !told_) notice(why + "; events are kept, and it is tried again");
      told_ = true;
      // Events that come meanwhile are no reason to hurry.
      const auto until = steady_clock::now() + backoff.next();
      while (!over() && steady_clock::now() < until) co_await wait(look_again);
    }
  }

  // All events are there, or nobody waits for that any more.
  bool over() const {
    if (give_up_ && steady_clock::now() >= *give_up_) return true;
    return ended_ && events_.all_acknowledged();
  }

  // One connection; why it ended.
  Awaitable<std::string> converse() {
    opened_ = false;
    lost_.clear();
    clock_ = {};
    questions_ = 0;
    asked_.reset();
    socket_ = std::make_unique<WebSocket>(io_.get_executor());
    ConnectOptions connection;
    connection.ca = options_.ca;
    const auto connected = co_await socket_->connect(options_.server, connection);
    refused_entry_ = !connected && connected.error().code == ErrorCode::no_entry;
    if (!connected) co_return connected.error().message;
    reading_ = true;
    asio::co_spawn(io_, read(), asio::detached);
    co_await write();
    const bool lost = !lost_.empty();
    if (!lost) co_await socket_->close();
    socket_->abort();
    while (reading_) co_await wait(look_again);
    co_return lost_;
  }

  Awaitable<void> read() {
    for (;;) {
      const auto text = co_await socket_->read();
      if (!text) {
        lose("The connection to the service is lost: " + text.error().message);
        break;
      }
      std::visit([this](const auto& reply) { on(reply); }, parse_box_reply(*text));
      changed_.cancel();
    }
    reading_ = false;
    changed_.cancel();
  }

  Awaitable<void> write() {
    co_await send(box_open(options_.piste, source_, options_.protocol));
    while (lost_.empty() && !failure_ && !over()) {
      next_ = std::max(next_, events_.begin());  // what has grown old meanwhile is not kept any more
      if (asked_ && steady_clock::now() - *asked_ > pong_limit) {
        lose("The service does not answer");
      } else if (question_due()) {
        asked_ = last_question_ = steady_clock::now();
        ++questions_;
        co_await send(clock_question(base::steady_seconds(*asked_)));
      } else if (opened_ && next_ < events_.end() && clock_.at(base::steady_seconds()) &&
                 questions_ >= first_questions) {
        const auto message = box_events(options_.piste, events_, next_, clock_, base::steady_seconds());
        next_ = message.next;
        co_await send(message.text);
      } else {
        co_await wait(look_again);
      }
    }
  }

  bool question_due() const {
    if (asked_) return false;
    return questions_ < first_questions || steady_clock::now() - last_question_ >= question_interval;
  }

  Awaitable<void> send(std::string text) {
    const auto sent = co_await socket_->write_text(text);
    if (!sent) lose("The connection to the service is lost: " + sent.error().message);
  }

  Awaitable<void> wait(std::chrono::milliseconds time) {
    changed_.expires_after(time);
    co_await changed_.async_wait(awaiting);
  }

  void lose(const std::string& why) {
    if (lost_.empty()) lost_ = why;
  }

  void on(const ClockAnswer& answer) {
    clock_.add(answer.client_time, answer.server_received, answer.server_time, base::steady_seconds());
    asked_.reset();
  }
  // What was never told there is told from the first event that is kept, also what another life of the
  // service has had.
  void on(const BoxOpened& opened) {
    next_ = std::clamp(opened.next, events_.begin(), events_.end());
    if (opened.next > 0) events_.acknowledge(opened.next);
    opened_ = met_ = true;
    if (std::exchange(told_, false) || !greeted_) {
      greeted_ = true;
      notice("The service hears of piste " + options_.piste +
             "; events that it does not have yet: " + std::to_string(events_.end() - next_));
    }
  }
  void on(const BoxAck& ack) { events_.acknowledge(ack.next); }
  void on(const BoxRefused& refused) {
    if (refused.later) return lose("The service says: " + refused.why);
    failure_ = Error{ErrorCode::refused, refused.why};
  }
  void on(const Unknown&) {}

  void notice(const std::string& text) const { options_.notice(text); }

  const CourierOptions options_;
  const std::string source_ = random_name();
  asio::io_context io_{1};
  asio::steady_timer changed_;  // cancelled whenever there may be something to do
  asio::signal_set signals_;
  NumberedEvents events_;
  bool ended_ = false;
  std::optional<steady_clock::time_point> give_up_;
  std::optional<Error> failure_;

  // Of the connection that there is.
  std::unique_ptr<WebSocket> socket_;
  bool reading_ = false;
  bool opened_ = false;
  bool refused_entry_ = false;
  std::string lost_;  // why; empty: it is not
  ClockOffset clock_;
  int questions_ = 0;
  std::optional<steady_clock::time_point> asked_;  // and not answered yet
  steady_clock::time_point last_question_;
  std::int64_t next_ = 1;  // the event that is to be sent

  bool met_ = false;      // a service that knows us was there
  bool told_ = false;     // that there is none
  bool greeted_ = false;  // that there is one
};

BoxCourier::BoxCourier(CourierOptions options) : course_(std::make_unique<Course>(std::move(options))) {}
BoxCourier::~BoxCourier() = default;

void BoxCourier::push(const boxes::Event& event) {
  course_->push(event);
}
void BoxCourier::end() {
  course_->end();
}
void BoxCourier::interrupt() {
  course_->interrupt();
}
void BoxCourier::interrupt_on_signals() {
  course_->interrupt_on_signals();
}
Result<base::Done> BoxCourier::run() {
  return course_->run();
}

}  // namespace piste::client
