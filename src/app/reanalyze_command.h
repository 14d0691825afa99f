// `referee reanalyze`: kept phrases judged once more, by services as they are now, and compared.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// The table goes to stdout. exit_code becomes 0; 1 where there is no phrase or some could not be judged; 2
// for what was asked wrongly; 3 where no server does it.
void add_reanalyze_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
