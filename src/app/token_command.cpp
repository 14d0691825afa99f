#include "app/token_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/complain.h"
#include "base/text.h"
#include "server/tokens.h"

namespace piste::app {
namespace {

constexpr std::string_view token_program = "referee token";

struct TokenArguments {
  std::string name;
  std::size_t sessions = 0;
  std::string role = "owner";
  std::string file;
};

// A new file is readable for its owner alone. What is wrong; empty if nothing is.
std::string append(const std::string& path, const std::string& line) {
  constexpr mode_t owner_only = 0600;
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, owner_only);
  const bool written =
      file >= 0 && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int failed = errno;
  if (file >= 0) ::close(file);
  return written ? "" : path + ": " + std::system_category().message(failed);
}

int run_token(const TokenArguments& arguments) {
  if (!server::is_token_name(arguments.name))
    return complain(token_program, "a name has 1 to 64 of A-Z a-z 0-9 . _ -");
  const std::string token = server::make_token();
  const auto role = server::role_in(arguments.role).value_or(server::Role::owner);
  const std::string line =
      server::token_line({arguments.name, server::hash_of(token), arguments.sessions, role});
  if (arguments.file.empty()) {
    std::cerr << "For the client, shown this once; below it the line for REFEREE_AUTH_TOKENS_FILE:\n";
    std::cout << token << "\n" << line << "\n";
    return 0;
  }
  if (const std::string wrong = append(arguments.file, line + "\n"); !wrong.empty())
    return complain(token_program, wrong);
  std::cerr << "The line is in the file; SIGHUP makes a running service read it. For the client, shown this "
               "once:\n";
  std::cout << token << "\n";
  return 0;
}

}  // namespace

void add_token_command(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("token", "Make a token that opens the service (REFEREE_AUTH_TOKENS_FILE)");
  auto arguments = std::make_shared<TokenArguments>();
  command->add_option("name", arguments->name, "whose it is: a token sees the sessions of its name only")
      ->required();
  command->add_option("--sessions", arguments->sessions, "sessions at a time (default: the service's limit)")
      ->check(CLI::Range(1, 10'000));
  command->add_option("--role", arguments->role, "what it may do: all (owner), or less")
      ->check(CLI::IsMember(std::vector<std::string>(server::role_names.begin(), server::role_names.end())));
  command->add_option("--file", arguments->file,
                      "append the line with its hash to this file instead of showing it");
  command->callback([arguments, &exit_code] { exit_code = run_token(*arguments); });
}

}  // namespace piste::app
