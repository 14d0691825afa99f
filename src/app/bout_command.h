// `referee bout`: a recording of a whole bout becomes phrases and verdicts, without a server.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// Phrases go to stdout as they are judged, progress to stderr, all of it to --out. exit_code becomes 0; 1
// (the recording cannot be analysed, or holds no phrase); or 2 (usage, settings, a file that cannot be read).
void add_bout_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
