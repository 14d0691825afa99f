// A phrase that was cut out of a longer recording, and looked at already: verdict and artifacts.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "pipeline/engine.h"
#include "pipeline/shared.h"
#include "recording/frame_log.h"
#include "types/camera.h"
#include "types/phrase.h"
#include "types/track.h"

namespace piste::pipeline {

struct CutPhrase {
  PhraseSettings settings;     // with the size; the log lies in its directory
  int number = 1;              // of the bout
  types::Tracks tracks;        // of the log's frames
  types::CameraMotion camera;  // likewise
  types::Phrase phrase;        // s since the log's first frame
};

// log: its frames are numbered from 0, and their timestamps are seconds since the first. It outlives the
// call. lane: the phrase's turn at the workers. on_progress: has the decision before the artifacts are made.
// cancelled: polled.
Result<Outcome> judge(Shared& shared, const std::shared_ptr<Workers::Lane>& lane, CutPhrase cut,
                      const recording::FrameLog& log, std::function<void(const Progress&)> on_progress,
                      const std::function<bool()>& cancelled);

}  // namespace piste::pipeline
