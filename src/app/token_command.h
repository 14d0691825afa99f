// `referee token`: makes a token for the service.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// Adds the subcommand. When it is chosen, it runs during parse() and sets exit_code.
void add_token_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
