// smart_referee_client: streams a phrase where the server can, else uploads it.
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/log.h"
#include "client/upload.h"

int main(int argc, char** argv) {
  using namespace piste;
  std::signal(SIGPIPE, SIG_IGN);  // nobody reads what is said: no reason to lose a phrase
  const auto parsed = client::parse_smart_arguments(argc, argv);
  if (const auto* leave = std::get_if<client::Leave>(&parsed)) {
    (leave->code == 0 ? std::cout : std::cerr) << leave->text;
    return leave->code;
  }
  const auto& options = std::get<client::SmartOptions>(parsed);
  base::log::set_level(options.upload.verbose ? "debug" : "warning");
  return client::run_smart(options, {std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1});
}
