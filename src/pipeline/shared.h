// What an engine shares with its phrases; outlives them.
#pragma once

#include <memory>
#include <optional>

#include "pipeline/analyser.h"
#include "pipeline/engine.h"
#include "pipeline/picture_budget.h"
#include "pipeline/workers.h"
#include "video/lens.h"

namespace piste::pipeline {

struct Shared {
  EngineOptions options;
  Models models;
  std::optional<video::Lens> lens;
  Workers workers;
  Workers background;  // for what can wait
  PictureBudget pictures;
};

// Of a phrase whose frames are of this size and rate.
tracking::TrackerOptions tracker_options(const Shared& shared, const PhraseSettings& settings);

// Reads models and lens.
Result<std::unique_ptr<Shared>> load_shared(const EngineOptions& options);
// The same in its parts: the models alone, and the rest around them.
Result<Models> load_models(const EngineOptions& options);
Result<std::unique_ptr<Shared>> share(Models models, const EngineOptions& options);
// An engine of what was read.
std::unique_ptr<Engine> make_engine(std::unique_ptr<Shared> shared);

}  // namespace piste::pipeline
