// referee_box: at the piste, between a scoring box and a service elsewhere.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "client/options.h"
#include "client/server_url.h"
#include "inlets/listener.h"

namespace piste::app {

struct BoxProgram {
  client::ServerUrl server;
  std::filesystem::path ca;
  std::string piste;
  std::string protocol;
  inlets::Box box;
  bool print = false;  // the events too, as they come
};

std::variant<BoxProgram, client::Leave> parse_box_arguments(int argc, const char* const* argv);

// The exit code.
int run(const BoxProgram& program);

}  // namespace piste::app
