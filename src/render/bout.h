// A whole bout as its author describes it (samples/README.md): phrases one after another, and what is between
// them: walking back, waiting, halts, weapons that are tested.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "render/error.h"
#include "render/scene.h"
#include "types/box_event.h"
#include "types/verdict.h"

namespace piste::render {

struct FencedPhrase {
  double start = 0;  // s: both are on guard, the clock starts
  double end = 0;
  std::vector<types::Touch> touches;
  std::optional<types::Winner> verdict;  // the right one, where its author says so
};

struct Bout {
  Scene scene;                            // its phrase has all touches
  std::vector<FencedPhrase> phrases;      // those with a touch
  std::vector<types::box::Event> events;  // what the box says, in order of time
};

// At most 1 MiB; the motions that it names lie where it says, seen from it.
Result<Bout> load_bout(const std::filesystem::path& path);

}  // namespace piste::render
