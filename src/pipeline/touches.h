// What was hit, and when: by the scoring log, by the lamps in the picture, or by a person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/engine.h"
#include "scoring/log.h"
#include "types/phrase.h"
#include "types/said.h"
#include "types/seen_lamps.h"

namespace piste::pipeline {

struct Touches {
  types::Phrase phrase;
  types::TouchSource source = types::TouchSource::log;
  double zero = 0;  // s: the phrase's, on the frames' clock
  std::optional<types::PictureLag> lag;
  std::optional<types::HumanVerdict> human_verdict;
  std::vector<types::Said> warnings;
  types::Said doubt;  // why a person should look; empty: no reason
};

// What is known when the last frame has been looked at.
struct TouchEvidence {
  const std::string& log;  // empty: there is none
  const PhraseSettings& settings;
  const EngineOptions& options;
  const types::SeenLamps& lamps;                    // at the times of their frames
  std::optional<double> video_end;                  // s, of the frames' clock
  std::optional<scoring::Log> told = std::nullopt;  // what the log says, where it need not be read for that
};

Result<Touches> touches_of(const TouchEvidence& evidence);

}  // namespace piste::pipeline
