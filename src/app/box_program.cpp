#include "app/box_program.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "app/box_options.h"
#include "base/text.h"
#include "boxes/event_json.h"
#include "client/box_courier.h"
#include "protocol/session_id.h"

namespace piste::app {
namespace {

using client::Leave;

Leave misused(const std::string& text) {
  return {2, "referee_box: " + text + "\nRun with --help for more information.\n"};
}

struct Arguments {
  std::string server, token, ca, piste, place, protocol, white_order, box_piste, camera_offset, hello;
  bool swap_sides = false;
  bool print = false;

  void add_to(CLI::App& app) {
    app.add_option("server", server, "Server URL, e.g. https://club.example")->required();
    app.add_option("--piste", piste, "the piste's name, as session_start has it")->required();
    app.add_option("--box", place, "where the box is: " + std::string(inlets::address_form))->required();
    app.add_option("--protocol", protocol, "what the box speaks")
        ->required()
        ->check(CLI::IsMember(protocol_names()));
    app.add_flag("--swap-sides", swap_sides, "the box stands on the other side of the piste");
    app.add_option("--camera-offset", camera_offset, "milliseconds by which the picture lags the box");
    app.add_option("--white-order", white_order, "fpa: which white lamp comes first in the lamps message")
        ->check(CLI::IsMember({"right-left", "left-right"}));
    app.add_option("--box-piste", box_piste,
                   "cyrano, efp2, opp2: whose messages count (default: those of the first piste heard)");
    app.add_option(
        "--hello", hello,
        "cyrano: HOST[:PORT] of a box that speaks only to who greets it, every 15 s. Never beside a "
        "competition software: it would lose the box. Without it nothing is ever sent to the box");
    app.add_option(
           "--token", token,
           "The token that opens the server; better in REFEREE_TOKEN, where other users of this machine "
           "do not see it")
        ->envname("REFEREE_TOKEN");
    app.add_option("--ca", ca, "File with certificates to trust (PEM), for https and wss")
        ->check(CLI::ExistingFile);
    app.add_flag("--print", print,
                 "print the events, too, as lines of JSON with this computer's steady time");
    app.footer(
        "\nExit codes: 0 the input has ended and the service has it all, 1 the service refused, 2 wrong "
        "usage, 3 no entry.");
  }

  base::Result<inlets::Box, BoxError> box() const {
    inlets::Box box;
    auto address = inlets::parse_address(place);
    if (!address) return wrong_box(address.error().message);
    box.address = *std::move(address);
    box.protocol = protocol_named(protocol).value();
    box.settings.swap_sides = swap_sides;
    const std::pair<std::string_view, const std::string&> options[] = {{"white-order", white_order},
                                                                       {"box-piste", box_piste},
                                                                       {"camera-offset", camera_offset},
                                                                       {"hello", hello}};
    for (const auto& [name, value] : options) {
      if (value.empty()) continue;
      if (const auto set = set_option(box, name, value); !set) return set.error();
    }
    if (box.greeting) box.greeting->piste = box_piste;
    if (const auto checked = check_box(box); !checked) return checked.error();
    return box;
  }
};

// One line at a time: the box's thread and the courier's both speak.
void say(std::ostream& out, const std::string& text) {
  out << text + "\n" << std::flush;
}

}  // namespace

std::variant<BoxProgram, Leave> parse_box_arguments(int argc, const char* const* argv) {
  CLI::App app("Hears a piste's scoring box and tells the referee service what it says.", "referee_box");
  Arguments arguments;
  arguments.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, complaint;
    const int code = app.exit(error, out, complaint);
    return Leave{code == 0 ? 0 : 2, out.str() + complaint.str()};
  }
  BoxProgram program;
  auto server = client::parse_server_url(arguments.server);
  if (!server) return misused(server.error().message);
  program.server = *std::move(server);
  if (!arguments.token.empty()) program.server.authorization = "Bearer " + arguments.token;
  if (!protocol::is_valid_session_id(arguments.piste))
    return misused("--piste must be a name of 1 to 128 characters");
  auto box = arguments.box();
  if (!box) return misused(box.error().message);
  program.box = *std::move(box);
  program.ca = arguments.ca;
  program.piste = arguments.piste;
  program.protocol = arguments.protocol;
  program.print = arguments.print;
  return program;
}

int run(const BoxProgram& program) {
  const auto notice = [](const std::string& text) { say(std::cerr, "referee_box: " + base::escaped(text)); };
  client::BoxCourier courier({program.server, program.ca, program.piste, program.protocol, notice});
  courier.interrupt_on_signals();
  const inlets::Listener listener(program.box, {.event =
                                                    [&](const boxes::Event& event) {
                                                      if (program.print)
                                                        say(std::cout, boxes::json_line(event));
                                                      courier.push(event);
                                                    },
                                                .notice = notice,
                                                .over = [&] { courier.end(); }});
  const auto done = courier.run();
  if (done) return 0;
  notice(done.error().message);
  return client::exit_code(done.error().code);
}

}  // namespace piste::app
