// What the networks said of a clip, kept in files: the tracker can then be tried again in seconds. The
// frame's number is the key, so a folder belongs to one clip and one pair of models.
#pragma once

#include <filesystem>

#include "pipeline/analyser.h"

namespace piste::bench {

// models must outlive the result. stem: path and beginning of the files' names.
pipeline::Models remembering(const pipeline::Models& models, const std::filesystem::path& stem);

}  // namespace piste::bench
