// What the scoring log tells of the frames' times.
#pragma once

#include <string>

#include "pipeline/engine.h"
#include "recording/timeline.h"

namespace piste::pipeline {

// log: as received; one that cannot be read tells nothing.
recording::Evidence evidence_of(const std::string& log, const PhraseSettings& settings,
                                const EngineOptions& options);

}  // namespace piste::pipeline
