// Recorded phrases with what is known of their winners: what a verdict is measured against.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "referee/weights.h"
#include "types/phrase.h"
#include "types/track.h"
#include "types/verdict.h"

namespace piste::bench {

struct LabelledPhrase {
  std::string id;
  std::string fold;  // what must be held out together: the date; of the long video a block of 180 numbers
  types::Tracks tracks;
  types::Phrase phrase;                             // broadcast: both lamps at the estimated touch
  std::optional<types::Winner> truth;               // none: simultaneous; nullopt: the person abstained
  std::optional<types::Winner> predecessor;         // club only
  std::optional<types::Side> single_light;          // club only: whose lamp alone came on
  std::shared_ptr<const referee::Weights> weights;  // trained without the fold; null: the built-in ones
};

// nullopt when the file is not there. A row that cannot be read, or that lacks its label, throws.
std::optional<std::vector<LabelledPhrase>> load_phrases(const std::filesystem::path& rows);

// folder: FOLD.weights for each fold, a slash in its name left out. Phrases of folds that have none are taken
// out: they are not measured. One that is malformed throws.
void use_weights(const std::filesystem::path& folder, std::vector<LabelledPhrase>& phrases);

}  // namespace piste::bench
