#include "pipeline/evidence.h"

#include "scoring/log.h"

namespace piste::pipeline {

recording::Evidence evidence_of(const std::string& log, const PhraseSettings& settings,
                                const EngineOptions& options) {
  recording::Evidence evidence{.fps = settings.fps, .timestamps = settings.timestamps};
  const auto read =
      scoring::parse_log(log, {options.sides_swapped, settings.weapon.value_or(options.weapon)});
  if (!read) return evidence;
  for (const double end : read->ends) evidence.ends.push_back(end + options.signal_offset);
  // Of several phrases nobody knows yet which one the video shows.
  const bool one = read->ends.size() <= 1 && read->doubt.empty();
  if (one && !read->phrase.touches.empty())
    evidence.last_hit = read->phrase.touches.back().time + options.signal_offset;
  return evidence;
}

}  // namespace piste::pipeline
