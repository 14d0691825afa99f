// A bout that is streamed at its own pace into the engine, beside what is told of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "boxes/event.h"
#include "pipeline/engine.h"

namespace piste::bench {

struct LiveBout {
  std::vector<pipeline::BoutPhrase> phrases;  // times: s of the film
  std::vector<double> decided;                // of each: s of the film
  std::vector<double> waiting;                // frames that were not looked at, each time one came
  double grown_mb = 0;                        // the process's memory, from the first minute's end to the end
};

struct Span {  // s of a film
  double from = 0;
  double to = 0;
};

// film: MJPEG. told: s since its first picture, each told at `at` + `error`; empty: the lamps in the picture
// tell.
LiveBout stream_bout(pipeline::Engine& engine, const std::filesystem::path& film, const Span& span,
                     const boxes::Events& told, const std::filesystem::path& folder);

}  // namespace piste::bench
