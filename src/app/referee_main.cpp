// referee: the work of the service, without a server.
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/analyze_command.h"
#include "app/bout_command.h"
#include "app/box_command.h"
#include "app/decide_command.h"
#include "app/export_command.h"
#include "app/reanalyze_command.h"
#include "app/render_command.h"
#include "app/token_command.h"

int main(int argc, char** argv) {
  CLI::App app("Right of way from recorded phrases", "referee");
  app.set_version_flag("--version", PISTE_VERSION);
  constexpr int usage = 2;
  int exit_code = 0;
  piste::app::add_analyze_command(app, exit_code);
  piste::app::add_decide_command(app, exit_code);
  piste::app::add_box_command(app, exit_code);
  piste::app::add_bout_command(app, exit_code);
  piste::app::add_render_command(app, exit_code);
  piste::app::add_export_command(app, exit_code);
  piste::app::add_reanalyze_command(app, exit_code);
  piste::app::add_token_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  if (app.get_subcommands().empty()) {
    std::cerr << app.help();
    return usage;
  }
  return exit_code;
}
