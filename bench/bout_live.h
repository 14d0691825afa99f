// A bout that is streamed at its own pace into the engine, beside what is told of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "boxes/event.h"
#include "pipeline/engine.h"

namespace piste::bench {

struct LiveBout {
  std::vector<pipeline::BoutPhrase> phrases;  // times: s since the first frame
  std::vector<double> decided;                // of each: s since the first frame
  double grown_mb = 0;                        // the process's memory, from the first minute's end to the end
};

// film: MJPEG. told: s since its first picture, each told at `at` + `error`; empty: the lamps in the picture
// tell.
LiveBout stream_bout(pipeline::Engine& engine, const std::filesystem::path& film, const boxes::Events& told,
                     const std::filesystem::path& folder);

}  // namespace piste::bench
