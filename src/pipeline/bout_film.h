// A recording of a whole bout -> its phrases, each cut out, judged, and kept in a folder of its own. Where no
// phrase can be nothing is looked at, so this is faster than the bout was fenced.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "bout/cutter.h"
#include "pipeline/engine.h"
#include "types/box_event.h"

namespace piste::pipeline {

struct BoutSettings {
  std::string id;                       // its phrases are called so, with their number
  std::filesystem::path directory;      // exists; phrases go into folders in it
  std::optional<types::Weapon> weapon;  // nullopt: as the box says, or else the engine's
  std::vector<types::Spot> piste = {};  // its corners, as a person marks them; empty: not marked
  bool include_keypoints = false;
  bool save_overlay = true;
};

// What somebody tells of a bout.
struct Heard {
  // s of the video's clock once the options' signal_offset is added; in the order in which they were
  // understood.
  types::box::Events events;
  double until = std::numeric_limits<double>::infinity();  // s: nothing that was before it will be told
};
// Blocks until something is heard; nullopt: that was all.
using Listen = std::function<Result<std::optional<Heard>>()>;

struct BoutFilmObserver {
  std::function<void(double done, double all)> on_progress;  // s of the video; all: 0 where it is not known
  std::function<void(const types::box::Event&)> on_event;    // on the video's clock, before what comes of it
  std::function<void(const BoutPhrase&)> on_phrase;          // in order
  std::function<void(const bout::LeftOut&)> on_left_out;     // hits that no phrase was made of
};

// The phrases of what was heard are judged before it listens on. Blocks. cancelled: polled between frames;
// may be empty.
Result<base::Done> analyze_bout(const EngineOptions& options, const BoutSettings& settings,
                                const std::filesystem::path& video, const Listen& listen,
                                const BoutFilmObserver& observer, const std::function<bool()>& cancelled);

}  // namespace piste::pipeline
