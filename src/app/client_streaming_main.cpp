// referee_client_streaming: streams a phrase and shows its verdict.
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/log.h"
#include "client/streaming.h"

int main(int argc, char** argv) {
  using namespace piste;
  std::signal(SIGPIPE, SIG_IGN);  // nobody reads what is said: no reason to lose a phrase
  const auto parsed = client::parse_streaming_arguments(argc, argv);
  if (const auto* leave = std::get_if<client::Leave>(&parsed)) {
    (leave->code == 0 ? std::cout : std::cerr) << leave->text;
    return leave->code;
  }
  const auto& options = std::get<client::StreamingOptions>(parsed);
  base::log::set_level(options.verbose ? "debug" : "warning");
  client::StreamingClient streaming(options, {std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1});
  streaming.interrupt_on_signals();
  return streaming.run();
}
