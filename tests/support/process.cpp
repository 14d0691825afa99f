#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/process_memory.h"

namespace piste::test {
namespace {

constexpr int cannot_start = 127;
constexpr auto poll_interval = std::chrono::milliseconds(5);

int open_for_child(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// In the child: only calls that are safe after fork.
[[noreturn]] void become(const char* program, char* const* arguments,
                         const std::vector<std::string>& environment, const char* directory, int out,
                         int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const std::string& variable : environment) ::putenv(const_cast<char*>(variable.c_str()));
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (*directory && ::chdir(directory) != 0) ::_exit(cannot_start);
  // A connection that the test closes would stay open if the child had it too: its peer would wait for ever.
  ::closefrom(STDERR_FILENO + 1);
  ::execvp(program, arguments);
  ::_exit(cannot_start);
}

void pause() {
  ::poll(nullptr, 0, static_cast<int>(poll_interval.count()));
}

}  // namespace

Process::Process(const Command& command) {
  std::vector<std::string> words{command.program.string()};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  const std::vector<char*> arguments = pointers(words);
  const int out = open_for_child(folder_ / "out");
  const int err = open_for_child(folder_ / "err");
  pid_ = ::fork();
  if (pid_ == 0) {
    become(words[0].c_str(), arguments.data(), command.environment, command.directory.c_str(), out, err);
  }
  ::close(out);
  ::close(err);
  if (pid_ < 0) throw std::runtime_error("no process for " + words[0]);
}

Process::~Process() {
  if (!running()) return;
  signal(SIGKILL);
  wait();
}

void Process::signal(int number) const {
  if (!code_) ::kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::seconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!code_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (std::chrono::steady_clock::now() >= until) {
      return std::nullopt;
    } else {
      pause();
    }
  }
  return code_;
}

std::string Process::out() const {
  return read_file(folder_ / "out");
}

std::string Process::err() const {
  return read_file(folder_ / "err");
}

bool Process::await(const std::string& text, std::chrono::seconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  const auto said = [&] {
    return out().find(text) != std::string::npos || err().find(text) != std::string::npos;
  };
  while (!said()) {
    if (!running() || std::chrono::steady_clock::now() >= until) return said();
    pause();
  }
  return true;
}

std::uint64_t Process::peak_memory() const {
  return process_memory(std::to_string(pid_), "VmHWM");
}

Ended run(const Command& command, std::chrono::seconds limit) {
  Process process(command);
  const auto code = process.wait(limit);
  return {code.value_or(-1), process.out(), process.err()};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace piste::test
