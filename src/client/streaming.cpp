#include "client/streaming.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <ctime>
#include <iomanip>
#include <random>
#include <sstream>

#include "base/log.h"
#include "base/text.h"
#include "client/conversation.h"
#include "client/files.h"
#include "client/verdict_text.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

std::string describe_source(const SourceInfo& info, const SourceOptions& options) {
  std::ostringstream out;
  out << (info.camera ? "camera " + options.camera : options.video.filename().string()) << ": " << info.width
      << "x" << info.height << " at " << info.fps << " fps";
  if (info.passed_through) {
    out << ", JPEG as it is";
  } else if (info.jpeg_quality) {
    out << ", JPEG quality " << *info.jpeg_quality;
  } else if (info.bitrate) {
    out << ", H.264 at " << *info.bitrate << " kbit/s";
  } else {
    out << (options.encoding == types::Encoding::png ? ", PNG" : ", raw");
  }
  return out.str();
}

}  // namespace

std::string make_session_id() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::ostringstream out;
  out << "phrase_" << std::put_time(&local, "%Y%m%d_%H%M%S") << "_" << std::hex << std::setfill('0')
      << std::setw(6) << (std::random_device{}() & 0xFFFFFFu);
  return out.str();
}

class StreamingClient::Phrase {
 public:
  Phrase(StreamingOptions options, std::optional<FrameSource> source, Console console)
      : options_(std::move(options)),
        source_(std::move(source)),
        console_(console),
        // Debug lines and a line that renews itself would write over one another.
        view_(console.err, console.terminal && !options_.verbose),
        signals_(io_) {
    if (options_.session_id.empty()) options_.session_id = make_session_id();
  }

  void interrupt_on_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    await_signal(2);
  }

  void interrupt() {
    asio::dispatch(io_, [this] {
      if (conversation_) conversation_->interrupt();
    });
  }

  int run() {
    const auto result = deliver();
    if (!result) {
      view_.line(result.error().message);
      return exit_code(result.error().code);
    }
    return show(*result);
  }

 private:
  // What can be known to be wrong before anything is sent.
  Result<base::Done> prepare() {
    if (!options_.box_events.empty()) {
      auto touches = read_touches(options_.box_events);
      if (!touches) return touches.error();
      touches_ = std::move(*touches);
    }
    if (!options_.source.video.empty() && !options_.bout) {
      if (auto log = read_signal(options_.signal); !log) return log.error();
    }
    if (source_) return base::Done{};
    auto opened = FrameSource::open(options_.source);
    if (!opened) return opened.error();
    source_.emplace(std::move(*opened));
    return base::Done{};
  }

  Result<std::string> deliver() {
    if (auto ready = prepare(); !ready) return ready.error();
    view_.line(describe_source(source_->info(), options_.source) + " -> " + options_.server.shown("/stream") +
               ", session " + options_.session_id);
    conversation_ = std::make_unique<Conversation>(io_, options_, view_, std::move(touches_));
    std::optional<Result<std::string>> result;
    asio::co_spawn(io_, converse(result), [this](std::exception_ptr unexpected) {
      io_.stop();  // timers of the closed socket are of no interest
      if (unexpected) std::rethrow_exception(unexpected);
    });
    io_.run();
    conversation_.reset();
    return std::move(*result);
  }

  asio::awaitable<void> converse(std::optional<Result<std::string>>& result) {
    result = co_await conversation_->run(std::move(*source_));
  }

  int show(const std::string& result) {
    const VerdictText verdict = options_.bout ? describe_bout(result) : describe_result(result);
    view_.clear();
    console_.out << verdict.text << std::flush;
    if (!options_.output.empty()) {
      if (auto saved = save_result(options_.output, result); !saved) {
        view_.line(saved.error().message);
        return exit_code(saved.error().code);
      }
    }
    return verdict.analysed ? 0 : exit_code(ErrorCode::refused);
  }

  void await_signal(int left) {
    signals_.async_wait([this, left](const boost::system::error_code& stopped, int) {
      if (stopped) return;
      if (conversation_) conversation_->interrupt();
      if (left > 1) return await_signal(left - 1);
      signals_.clear();  // the next one has its usual effect
    });
  }

  StreamingOptions options_;
  std::optional<FrameSource> source_;
  std::deque<types::Touch> touches_;  // of a bout's video
  Console console_;
  ProgressView view_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  std::unique_ptr<Conversation> conversation_;
};

StreamingClient::StreamingClient(StreamingOptions options, Console console)
    : phrase_(std::make_unique<Phrase>(std::move(options), std::nullopt, console)) {}
StreamingClient::StreamingClient(StreamingOptions options, FrameSource source, Console console)
    : phrase_(std::make_unique<Phrase>(std::move(options), std::move(source), console)) {}
StreamingClient::~StreamingClient() = default;

void StreamingClient::interrupt_on_signals() {
  phrase_->interrupt_on_signals();
}
int StreamingClient::run() {
  return phrase_->run();
}
void StreamingClient::interrupt() {
  phrase_->interrupt();
}

}  // namespace piste::client
