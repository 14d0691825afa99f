// `referee box`: scoring boxes without a server, and without a box.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// exit_code becomes 0; 1 when nothing of the protocol was in the input; 2 when something cannot be read,
// written or understood.
void add_box_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
