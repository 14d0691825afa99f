// `referee render`: a video of a phrase that was described or recorded as keypoints, with its scoring log.
#pragma once

namespace CLI {
class App;
}

namespace piste::app {

// exit_code becomes 0, or 2 when the phrase cannot be read or drawn or a file cannot be written.
void add_render_command(CLI::App& app, int& exit_code);

}  // namespace piste::app
