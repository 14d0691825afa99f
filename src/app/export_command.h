// `referee export`: the phrases that people have judged, as rows that the referee is trained with.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// exit_code becomes 0; 1 where no phrase is judged or some could not be read; 2 for a folder that is not
// there or a file that cannot be written.
void add_export_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
