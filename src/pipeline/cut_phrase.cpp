#include "pipeline/cut_phrase.h"

#include <chrono>
#include <optional>
#include <utility>

#include "pipeline/conclude.h"
#include "pipeline/footage.h"
#include "pipeline/log_pictures.h"
#include "pipeline/moments.h"
#include "pipeline/streamed_overlay.h"
#include "pipeline/turn.h"
#include "scoring/box_log.h"

namespace piste::pipeline {

Result<Outcome> judge(Shared& shared, const std::shared_ptr<Workers::Lane>& lane, CutPhrase cut,
                      const recording::FrameLog& log, std::function<void(const Progress&)> on_progress,
                      const std::function<bool()>& cancelled) {
  const auto start = Clock::now();
  const Moments moments(log, {.fps = cut.settings.fps, .timestamps = types::Timestamps::capture}, 0);
  Material material;
  material.tracks = std::move(cut.tracks);
  material.camera = std::move(cut.camera);
  const auto& settings = cut.settings;
  material.upright =
      put_upright(material.tracks, shared.models, shared.workers, tracker_options(shared, settings),
                  [&] { return frames_of(log, moments, settings.width, cancelled); });
  moments.put_into(material.tracks);
  material.settings = cut.settings;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  material.log = scoring::box_log(cut.phrase, cut.number, now);
  material.told.emplace().phrase = std::move(cut.phrase);
  material.streaming.frames_received = static_cast<std::int64_t>(log.size());
  material.warnings = moments.warnings();
  material.clock_doubt = moments.doubt();
  material.time_source = "timestamps";
  material.log_arrived = start;
  // The events' times are the video's already.
  EngineOptions options = shared.options;
  options.signal_offset = 0;
  std::optional<StreamedOverlay> overlay;
  if (cut.settings.save_overlay) {
    overlay.emplace(log, cut.settings, cut.settings.weapon.value_or(options.weapon),
                    StreamedOverlay::Threads{shared.workers, lane, shared.background, shared.pictures});
  }
  const StreamedFootage footage(log, moments, overlay ? &*overlay : nullptr);
  return conclude(std::move(material), footage,
                  {options, shared.lens, shared.workers, lane, std::move(on_progress), cancelled});
}

}  // namespace piste::pipeline
