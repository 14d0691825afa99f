// A phrase of a bout, out of what was looked at: where it begins, its frames, its folder. For recordings and
// live bouts alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bout/cutter.h"
#include "pipeline/analyser.h"
#include "pipeline/cut_phrase.h"
#include "pipeline/engine.h"
#include "recording/frame_log.h"
#include "types/camera.h"

namespace piste::pipeline {

constexpr double bout_warm_up = .5;     // s before a phrase in which the tracker finds the fencers
constexpr double bout_looks_back = 62;  // s: a phrase is at most a minute before its last hit

// A stretch of a bout that was, or is being, looked at.
struct Stretch {
  struct Shown {
    double time = 0;          // s, on the bout's clock
    std::size_t index = 0;    // in the log
    std::int64_t number = 0;  // for the analyser: counts from 0
    bool key = true;          // decoding can begin with it
  };
  Analyser analyser;
  double zero = 0;          // s on the bout's clock: what is 0 for the analyser
  std::deque<Shown> shown;  // and, before the first, what its decoding needed
  std::int64_t next_number = 0;
};

// A phrase that was cut out: nothing but the decision is left to do.
struct Prepared {
  BoutPhrase told;  // without an outcome
  CutPhrase cut;
  std::unique_ptr<recording::FrameLog> log;  // its own frames
  std::shared_ptr<Workers::Lane> lane;
};

// Why a hit is no phrase's, where it is none.
using Cutting = std::variant<Prepared, bout::LeftOut>;

// What the frame log could not do, as the engine says it.
Error failed(const recording::Error& error);

// settings: the bout's, with the size of the frames. log: of the stretch. The frames are copied into a folder
// of the phrase's own.
Result<Cutting> prepare(const PhraseSettings& settings, const bout::Cut& cut, int number,
                        const Stretch& stretch, const recording::FrameLog& log);

}  // namespace piste::pipeline
