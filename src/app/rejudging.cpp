#include "app/rejudging.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <thread>
#include <utility>

#include "client/judged_later.h"

namespace piste::app {
namespace {

using client::ErrorCode;
using std::chrono::steady_clock;

constexpr std::chrono::seconds most_waiting{60};
constexpr std::chrono::milliseconds between_looks{200};
constexpr std::chrono::seconds before_next_try{1};

bool may_pass(ErrorCode code) {
  return code == ErrorCode::connection || code == ErrorCode::no_room;
}

struct Sent {
  std::size_t phrase;
  std::string session;
};

struct Judge {
  client::ServerUrl server;
  std::deque<Sent> sent = {};
  steady_clock::time_point from = {};  // when it may be sent something again
};

class Run {
 public:
  Run(const std::vector<KeptPhrase>& phrases, const Judges& judges,
      const std::function<void(std::size_t)>& done)
      : phrases_(phrases), judges_(judges), done_(done) {
    for (const auto& server : judges.servers) servers_.push_back({server});
    for (const KeptPhrase& phrase : phrases) {
      waiting_.push_back(waiting_.size());
      out_.phrases.push_back({phrase.name, phrase.person, phrase.call, {}, {}});
    }
  }

  Rejudging judge() {
    while (out_.stopped.empty() && over_ < phrases_.size()) {
      bool moved = false;
      for (Judge& judge : servers_) {
        moved |= send_to(judge);
        moved |= ask(judge);
      }
      if (!moved) std::this_thread::sleep_for(between_looks);
      if (steady_clock::now() - heard_ > most_waiting) stop(trouble_);
    }
    if (!out_.stopped.empty()) leave_rest();
    return std::move(out_);
  }

 private:
  void stop(const client::Error& error) {
    out_.stopped = error.message;
    out_.why = error.code;
  }

  void leave_rest() {
    for (Rejudged& phrase : out_.phrases) {
      if (!phrase.now && phrase.failure.empty()) phrase.failure = out_.stopped;
    }
    for (const Judge& judge : servers_) {
      for (const Sent& sent : judge.sent) out_.remaining.push_back(sent.session);
    }
  }

  // Whether something has come of it.
  bool send_to(Judge& judge) {
    if (waiting_.empty() || judge.sent.size() >= judges_.at_once || steady_clock::now() < judge.from)
      return false;
    const std::size_t index = waiting_.front();
    const auto session = client::send_for_later(options_for(phrases_[index], judge));
    if (!session && may_pass(session.error().code)) {
      trouble_ = session.error();
      judge.from = steady_clock::now() + before_next_try;
      return false;
    }
    heard_ = steady_clock::now();
    waiting_.pop_front();
    if (session) {
      judge.sent.push_back({index, *session});
    } else if (session.error().code == ErrorCode::no_entry) {
      stop(session.error());
    } else {
      finish(index, std::nullopt, session.error().message);
    }
    return true;
  }

  client::UploadOptions options_for(const KeptPhrase& phrase, const Judge& judge) const {
    client::UploadOptions options;
    options.server = judge.server;
    options.ca = judges_.ca;
    options.video = phrase.video;
    options.signal = phrase.log;
    options.hits = phrase.hits;
    options.lamps = phrase.lamps;
    options.weapon = phrase.weapon;
    options.marks = phrase.marks;
    options.overlay = false;
    return options;
  }

  bool ask(Judge& judge) {
    const std::size_t before = judge.sent.size();
    for (auto sent = judge.sent.begin(); sent != judge.sent.end();)
      sent = is_over(judge, *sent) ? judge.sent.erase(sent) : std::next(sent);
    return judge.sent.size() < before;
  }

  bool is_over(const Judge& judge, const Sent& sent) {
    const auto result = client::result_of(judge.server, judges_.ca, sent.session);
    if (!result && may_pass(result.error().code)) {
      trouble_ = result.error();
      return false;
    }
    heard_ = steady_clock::now();
    if (result && !*result) return false;
    if (result) {
      take(sent.phrase, **result);
    } else {
      finish(sent.phrase, std::nullopt, result.error().message);
    }
    const auto removed = client::remove_phrase(judge.server, judges_.ca, sent.session);
    if (!removed && result) out_.remaining.push_back(sent.session);
    return true;
  }

  void take(std::size_t index, const std::string& result) {
    try {
      finish(index, call_in(boost::json::parse(result).as_object()), "");
    } catch (const std::exception&) {
      finish(index, std::nullopt, "the server's result cannot be read");
    }
  }

  void finish(std::size_t index, std::optional<Call> call, const std::string& failure) {
    out_.phrases[index].now = std::move(call);
    out_.phrases[index].failure = failure;
    done_(++over_);
  }

  const std::vector<KeptPhrase>& phrases_;
  const Judges& judges_;
  const std::function<void(std::size_t)>& done_;
  std::vector<Judge> servers_;
  std::deque<std::size_t> waiting_;
  Rejudging out_;
  std::size_t over_ = 0;
  steady_clock::time_point heard_ = steady_clock::now();  // of any of them
  client::Error trouble_{ErrorCode::connection, "no server has answered"};
};

}  // namespace

Rejudging judge_again(const std::vector<KeptPhrase>& phrases, const Judges& judges,
                      const std::function<void(std::size_t done)>& done) {
  return Run(phrases, judges, done).judge();
}

}  // namespace piste::app
