// The end of a phrase: tracks and log in, verdict and artifacts out.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/engine.h"
#include "pipeline/footage.h"
#include "pipeline/turn.h"
#include "pipeline/workers.h"
#include "scoring/log.h"
#include "types/camera.h"
#include "types/said.h"
#include "types/seen_lamps.h"
#include "types/streaming_stats.h"
#include "types/track.h"
#include "video/lens.h"

namespace piste::pipeline {

using Clock = std::chrono::steady_clock;

// Seconds since a moment.
inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// All that is known of a phrase when its last frame has been looked at.
struct Material {
  PhraseSettings settings;
  types::Tracks tracks;  // pixels of the received frames
  types::CameraMotion camera;
  std::string log;  // empty: there is none
  types::SeenLamps lamps;
  std::optional<scoring::Log> told = std::nullopt;  // what the log says, where it need not be read for that
  types::StreamingStats streaming;
  std::int64_t undecodable_frames = 0;
  std::vector<types::Said> warnings;  // for the result
  types::Said picture_doubt;          // why a person should look, where the motion decides; empty: no reason
  std::string time_source;
  Upright upright;          // how the tracks are turned before the decision
  types::Said clock_doubt;  // why a person should look at the frames' times; empty: no reason
  std::vector<std::pair<std::string, double>> timings;  // stage, seconds, so far
  Clock::time_point log_arrived;
};

// Where the conclusion runs and whom it tells.
struct Surroundings {
  const EngineOptions& options;
  const std::optional<video::Lens>& lens;
  Workers& workers;
  const std::shared_ptr<Workers::Lane>& lane;
  std::function<void(const Progress&)> on_progress;
  std::function<bool()> cancelled;
};

// The decision goes out through on_progress before the artifacts are made. An artifact that cannot be written
// is reported in the result's warnings and does not cost the verdict.
Result<Outcome> conclude(Material material, const Footage& footage, const Surroundings& surroundings);

}  // namespace piste::pipeline
