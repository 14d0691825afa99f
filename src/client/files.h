// The files that the user named.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>

#include "client/error.h"
#include "types/phrase.h"

namespace piste::client {

// The scoring log's bytes. It must be there, not empty and smaller than 16 MB.
Result<std::string> read_signal(const std::filesystem::path& path);

// The hits that a scoring box told, in order of time; s from the start of its recording.
Result<std::deque<types::Touch>> read_touches(const std::filesystem::path& path);

// Whether save_result() could write there: better said before a phrase is sent than after its verdict.
Result<base::Done> check_output(const std::filesystem::path& path);

// Writes the result JSON, whole or not at all.
Result<base::Done> save_result(const std::filesystem::path& path, std::string_view json);

}  // namespace piste::client
