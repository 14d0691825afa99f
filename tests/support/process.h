// Programs as child processes: what they say, how they end. A child dies with the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace piste::test {

struct Command {
  std::filesystem::path program;  // a name without '/' is looked for in PATH
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value", added to the test's own
  std::filesystem::path directory;       // to work in; empty: the test's
};

// Throws where the program cannot be started.
class Process {
 public:
  explicit Process(const Command& command);
  ~Process();  // kills what still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  // The exit code, 128 + the signal's number where one ended it; nullopt when it still runs after `limit`.
  std::optional<int> wait(std::chrono::seconds limit = std::chrono::seconds(300));
  bool running() { return !wait(std::chrono::seconds(0)); }

  // What it has written until now.
  std::string out() const;
  std::string err() const;
  // Waits until `text` is in out() or err(), and returns whether it is.
  bool await(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(180));

  pid_t pid() const { return pid_; }
  // Bytes of memory at most so far; the program must be running.
  std::uint64_t peak_memory() const;

 private:
  TempDir folder_;
  pid_t pid_ = -1;
  std::optional<int> code_;
};

struct Ended {
  int code;  // -1: it did not end
  std::string out;
  std::string err;
};

// Runs a program to its end.
Ended run(const Command& command, std::chrono::seconds limit = std::chrono::seconds(300));

std::string read_file(const std::filesystem::path& path);

}  // namespace piste::test
