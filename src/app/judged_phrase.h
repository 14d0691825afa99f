// A phrase's folder as a club row (rows/row.h) with what a person said of it: what the referee is trained
// with.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace piste::app {

enum class ExportError {
  not_judged,  // nobody has said who won, or that it can't be told
  one_lamp,    // there is nothing to learn from it
  damaged,     // its files are not ours, or not all of them are there
};

// One line of JSON: id, date, fps, signal, left, right, verdict. The signal is made of the events that the
// referee saw, so it holds no one's verdict; the tracks are those that it saw, on the log's clock.
base::Result<std::string, ExportError> judged_row(const std::filesystem::path& folder);

}  // namespace piste::app
