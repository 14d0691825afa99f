// `referee analyze`: a recorded phrase through the same pipeline as in the service, without a server.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// The result JSON goes to stdout, logs and progress to stderr. exit_code becomes 0 (verdict), 1 (analysis
// failed) or 2 (usage, settings, a file that cannot be read).
void add_analyze_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
