#include "ingest_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include "support/process_memory.h"
#include "tcp_sink.h"

namespace piste::bench {
namespace {

constexpr int start_limit_ms = 60'000;
constexpr int stop_limit_ms = 10'000;
constexpr int silence_limit_ms = 120'000;

// Reads the child's first lines until one names its address.
std::uint16_t await_port(int channel) {
  std::string text;
  for (;;) {
    const auto scheme = text.find("http://");
    const auto end = scheme == text.npos ? scheme : text.find('\n', scheme);
    if (end != text.npos) return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':', end) + 1)));
    pollfd waiting{channel, POLLIN, 0};
    std::array<char, 4096> piece{};
    const bool more = ::poll(&waiting, 1, start_limit_ms) == 1;
    const ssize_t count = more ? ::read(channel, piece.data(), piece.size()) : 0;
    if (count <= 0) throw std::runtime_error("a process did not start: " + text);
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

// In a child that becomes another program. A connection that the bench closes would stay open if the child
// had it too: its peer would wait for ever.
void close_the_rest() {
  ::closefrom(STDERR_FILENO + 1);
}

// Runs `child` in a new process that dies with this one; its first words come back through a pipe.
template <class Child>
std::pair<pid_t, std::uint16_t> start(Child child) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    child(pipe[1]);
    ::_exit(127);
  }
  ::close(pipe[1]);
  if (pid < 0) throw std::runtime_error("no process");
  try {
    const std::uint16_t port = await_port(pipe[0]);
    // The pipe stays open: a child that writes to a closed one would end.
    return {pid, port};
  } catch (...) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw;
  }
}

// Asks it to end, and ends it when it does not.
void stop(pid_t pid, int signal) {
  ::kill(pid, signal);
  for (int waited = 0; waited < stop_limit_ms; waited += 10) {
    if (::waitpid(pid, nullptr, WNOHANG) == pid) return;
    ::usleep(10'000);
  }
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

}  // namespace

ScratchDirectory::ScratchDirectory(const std::filesystem::path& parent) {
  std::string name = (parent / "piste-bench-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a directory in " + parent.string());
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ChildProcess ChildProcess::service(const std::filesystem::path& program,
                                   const std::vector<std::string>& environment) {
  const auto [pid, port] = start([&](int channel) {
    for (const std::string& variable : environment) {
      const auto equals = variable.find('=');
      ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
    }
    ::dup2(channel, STDOUT_FILENO);
    close_the_rest();
    ::execl(program.c_str(), program.c_str(), "--port", "0", nullptr);
  });
  return {pid, port};
}

ChildProcess ChildProcess::tcp_sink(const std::filesystem::path& directory) {
  const auto [pid, port] = start([&](int channel) {
    run_tcp_sink(
        directory,
        [](std::uint16_t chosen, int out) {
          ::dprintf(out, "http://127.0.0.1:%d\n", static_cast<int>(chosen));
        },
        channel);
  });
  return {pid, port};
}

ChildProcess::~ChildProcess() {
  if (pid_ >= 0) stop(pid_, SIGTERM);
}

void ChildProcess::kill() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

double ChildProcess::cpu() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("the measured process has ended");
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::uint64_t ChildProcess::memory() const {
  return test::process_memory(std::to_string(pid_), "VmRSS");
}

std::uint64_t ChildProcess::peak_memory() const {
  return test::process_memory(std::to_string(pid_), "VmHWM");
}

// man 5 proc: 5 resets the peak.
void ChildProcess::forget_peak() const {
  std::ofstream("/proc/" + std::to_string(pid_) + "/clear_refs") << "5";
}

Program::Program(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(pipe[1], STDERR_FILENO);
    ::dup2(pipe[1], STDOUT_FILENO);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    close_the_rest();
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  stderr_ = pipe[0];
}

Program::~Program() {
  ::close(stderr_);
  if (pid_ >= 0) stop(pid_, SIGINT);
}

std::optional<std::string> Program::next_line() {
  for (;;) {
    if (const auto end = read_.find('\n'); end != read_.npos) {
      std::string line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    pollfd waiting{stderr_, POLLIN, 0};
    if (::poll(&waiting, 1, silence_limit_ms) != 1)
      throw std::runtime_error("a client says nothing any more");
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(stderr_, piece.data(), piece.size());
    if (count <= 0) return std::nullopt;
    read_.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace piste::bench
