#include "cluster/line.h"

#include <utility>

#include "base/log.h"

namespace piste::cluster {
namespace {

constexpr std::chrono::milliseconds turn_limit{500};  // who asks waits so long for those who ask before

}  // namespace

// Who has it may use the connection; whatever happens meanwhile, another can have it afterwards.
class Line::Turn {
 public:
  explicit Turn(Line& line) : line_(line) {
    const auto end = Connection::Clock::now() + turn_limit;
    base::Lock lock(line.mutex_);
    while (line.in_use_ && Connection::Clock::now() < end) line.turn_over_.wait_until(lock, end);
    if (line.in_use_ || !line.connection_) return;
    line.in_use_ = true;
    connection_ = std::move(line.connection_);
    line.connection_.reset();
  }
  ~Turn() {
    if (!connection_) return;
    {
      const base::Lock lock(line_.mutex_);
      if (!broken_) line_.connection_ = std::move(connection_);
      line_.in_use_ = false;
    }
    line_.turn_over_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  Result<Rows> ask(const char* statement, const std::vector<Value>& values) {
    if (!connection_) return Error{ErrorCode::away, "not connected, or others are asking"};
    broken_ = true;
    auto answer = connection_->ask(statement, values);
    broken_ = !answer && answer.error().code == ErrorCode::away;
    if (!answer) base::log::warning("", "The cluster's database: " + answer.error().message);
    return answer;
  }

 private:
  Line& line_;
  std::optional<Connection> connection_;
  bool broken_ = false;
};

Result<Rows> Line::ask(const char* statement, const std::vector<Value>& values) {
  return Turn(*this).ask(statement, values);
}

void Line::open(const std::string& url) {
  {
    const base::Lock lock(mutex_);
    if (connection_ || in_use_) return;
  }
  auto made = Connection::open(url);
  const base::Lock lock(mutex_);
  if (made) connection_.emplace(std::move(*made));
}

}  // namespace piste::cluster
