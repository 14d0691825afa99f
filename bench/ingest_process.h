// The processes that are measured, as children of the bench: ended by their id, what they wrote is removed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace piste::bench {

// A directory of its own for what a process writes.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::filesystem::path& parent);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class ChildProcess {
 public:
  // referee_service on a free port, with these variables ("NAME=value") added to the environment.
  static ChildProcess service(const std::filesystem::path& program,
                              const std::vector<std::string>& environment);
  static ChildProcess tcp_sink(const std::filesystem::path& directory);

  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_), port_(other.port_) { other.pid_ = -1; }
  ChildProcess& operator=(ChildProcess&&) = delete;

  // SIGKILL, and waits for its end.
  void kill();
  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  // Seconds of processor time of all its threads, in user and kernel.
  double cpu() const;
  // Bytes of memory now, and at most since the start or forget_peak().
  std::uint64_t memory() const;
  std::uint64_t peak_memory() const;
  void forget_peak() const;

 private:
  ChildProcess(pid_t pid, std::uint16_t port) : pid_(pid), port_(port) {}

  pid_t pid_;
  std::uint16_t port_;
};

// A client program that says on stderr how it gets on.
class Program {
 public:
  Program(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  ~Program();  // interrupts it
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The next line of stderr; nullopt when it has ended. Throws after two minutes of silence.
  std::optional<std::string> next_line();

 private:
  pid_t pid_ = -1;
  int stderr_ = -1;
  std::string read_;
};

}  // namespace piste::bench
