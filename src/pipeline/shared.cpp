#include "pipeline/shared.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/text.h"

namespace piste::pipeline {
namespace {

constexpr int background_nice = 15;

int core_count() {
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

// One more than cores: both fencers' inferences need not wait for a decoder or the detector that runs beside.
int worker_count(const EngineOptions& options) {
  return options.workers > 0 ? options.workers : core_count() + 1;
}

}  // namespace

tracking::TrackerOptions tracker_options(const Shared& shared, const PhraseSettings& settings) {
  return {settings.width,
          settings.height,
          settings.fps,
          shared.options.detect_interval,
          shared.models.detector->precise(),
          settings.marks};
}

Result<Models> load_models(const EngineOptions& options) {
  const pose::RuntimeOptions runtime{options.provider, 1};
  Models models;
  auto detector = pose::Detector::load(options.detector_model, runtime);
  if (!detector) return Error{ErrorCode::settings, detector.error().message};
  models.detector = std::move(*detector);
  if (!models.detector->precise()) {
    auto single = pose::SinglePose::load(options.pose_model, runtime);
    if (!single) return Error{ErrorCode::settings, single.error().message};
    models.single = std::move(*single);
  }
  return models;
}

Result<std::unique_ptr<Shared>> share(Models models, const EngineOptions& options) {
  std::optional<video::Lens> lens;
  if (!options.lens.empty()) {
    auto read = video::read_lens(options.lens);
    if (!read) {
      return Error{ErrorCode::settings,
                   "lens " + base::escaped(options.lens.string()) + ": " + read.error().message};
    }
    lens = *read;
  }
  // Not make_unique: workers and budget cannot be moved.
  return std::unique_ptr<Shared>(new Shared{options, std::move(models), lens, Workers(worker_count(options)),
                                            Workers(core_count(), background_nice),
                                            PictureBudget(options.max_picture_bytes)});
}

Result<std::unique_ptr<Shared>> load_shared(const EngineOptions& options) {
  auto models = load_models(options);
  if (!models) return models.error();
  return share(std::move(*models), options);
}

}  // namespace piste::pipeline
