#include "ingest_load.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <exception>

#include "report.h"

namespace piste::bench {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using Clock = std::chrono::steady_clock;

double own_cpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Touches so much of the free memory and gives it back: what the targets write goes there first. The host of
// a virtual machine takes away what lies idle for seconds (free page reporting), and to write where it must
// give anew costs five times as much (measured): without this a run would be dear or cheap by what ran before
// it.
void claim_memory(std::uint64_t bytes) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t free = page * static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES));
  const std::uint64_t wanted = std::min(bytes, free / 2);
  void* claimed =
      ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (claimed != MAP_FAILED) ::munmap(claimed, wanted);
}

// Each sender and reader counts as one; all begin together when every session is open.
class Session {
 public:
  // phase: at a given rate, the part of a frame's time that its frames come late: no two cameras run in step.
  // answered: counts the answers of all sessions.
  Session(asio::io_context& io, std::unique_ptr<Talk> talk, std::int64_t frames, const Load& load,
          double phase, std::int64_t& answered)
      : socket(io),
        talk_(std::move(talk)),
        frames_(frames),
        load_(load),
        phase_(phase),
        answered_(answered),
        room_(io, Clock::time_point::max()),
        pace_(io) {}

  Task<void> open(std::uint16_t port) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), port);
    co_await socket.async_connect(endpoint, use_awaitable);
    socket.set_option(asio::ip::tcp::no_delay(true));
    co_await talk_->open(socket);
  }

  Task<void> send() {
    const auto start = Clock::now();
    for (std::int64_t number = 0; number < frames_; ++number) {
      if (load_.rate > 0) {
        pace_.expires_at(start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                     (static_cast<double>(number) + phase_) / load_.rate)));
        co_await pace_.async_wait(use_awaitable);
      }
      while (static_cast<int>(sent_.size()) >= load_.window)
        co_await room_.async_wait(asio::as_tuple(use_awaitable));
      sent_.push_back(Clock::now());
      const Talk::Buffers buffers = talk_->frame(number);
      co_await asio::async_write(socket, buffers, use_awaitable);
    }
  }

  Task<void> read_answers() {
    std::array<char, 16384> piece{};
    std::string received;
    while (static_cast<std::int64_t>(latencies.size()) < frames_) {
      const std::size_t count = co_await socket.async_read_some(asio::buffer(piece), use_awaitable);
      received.append(piece.data(), count);
      const auto now = Clock::now();
      for (std::size_t answers = talk_->take_answers(received); answers > 0; --answers) {
        latencies.push_back(std::chrono::duration<double, std::milli>(now - sent_.front()).count());
        sent_.pop_front();
        ++answered_;
        if (load_.on_answer) load_.on_answer(answered_);
      }
      room_.cancel();
    }
  }

  Task<void> close() { co_await talk_->close(socket); }

  Socket socket;
  std::vector<double> latencies;  // ms

 private:
  std::unique_ptr<Talk> talk_;
  const std::int64_t frames_;
  const Load& load_;
  const double phase_;
  std::int64_t& answered_;
  std::deque<Clock::time_point> sent_;  // of the frames in flight
  asio::steady_timer room_;
  asio::steady_timer pace_;
};

using Sessions = std::vector<std::unique_ptr<Session>>;

// One step of all sessions at once; the first failure is thrown when all have ended.
template <class Step>
void run_all(asio::io_context& io, const Sessions& sessions, Step step) {
  std::exception_ptr failure;
  for (const auto& session : sessions) {
    step(*session, [&](std::exception_ptr thrown) {
      if (!thrown) return;
      if (!failure) failure = thrown;
      for (const auto& other : sessions) other->socket.close();
    });
  }
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

Measured drive(const Target& target, std::uint16_t port, const Load& load) {
  // Twice, for the kernel's buffers and its own account of the files.
  claim_memory(2 * static_cast<std::uint64_t>(load.frames) * target.frame_bytes());
  asio::io_context io(1);
  std::int64_t answered = 0;
  Sessions sessions;
  for (int i = 0; i < load.sessions; ++i) {
    sessions.push_back(std::make_unique<Session>(io, target.talk(i), load.frames / load.sessions, load,
                                                 static_cast<double>(i) / load.sessions, answered));
  }
  run_all(io, sessions, [&](Session& one, auto done) { asio::co_spawn(io, one.open(port), done); });

  const double cpu_before = load.cpu();
  const double own_before = own_cpu();
  const auto start = Clock::now();
  if (load.on_answer) load.on_answer(answered);
  run_all(io, sessions, [&](Session& one, auto done) {
    asio::co_spawn(io, one.send(), done);
    asio::co_spawn(io, one.read_answers(), done);
  });
  Measured out;
  out.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  out.cpu = load.cpu() - cpu_before;
  out.own_cpu = own_cpu() - own_before;
  run_all(io, sessions, [&](Session& one, auto done) { asio::co_spawn(io, one.close(), done); });

  std::vector<double> latencies;
  for (const auto& session : sessions) {
    latencies.insert(latencies.end(), session->latencies.begin(), session->latencies.end());
  }
  out.frames = answered;
  out.ack_p50 = percentile(latencies, 0.5);
  out.ack_p99 = percentile(latencies, 0.99);
  out.ack_max = percentile(latencies, 1);
  return out;
}

}  // namespace piste::bench
