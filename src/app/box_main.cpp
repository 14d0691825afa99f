// referee_box: tells the service what a piste's scoring box says.
#include <csignal>
#include <iostream>

#include "app/box_program.h"

int main(int argc, char** argv) {
  using namespace piste;
  std::signal(SIGPIPE, SIG_IGN);  // nobody reads what is said: no reason to lose a hit
  const auto parsed = app::parse_box_arguments(argc, argv);
  if (const auto* leave = std::get_if<client::Leave>(&parsed)) {
    (leave->code == 0 ? std::cout : std::cerr) << leave->text;
    return leave->code;
  }
  return app::run(std::get<app::BoxProgram>(parsed));
}
