// What to type to send a phrase later.
#pragma once

#include <filesystem>
#include <string>

#include "client/options.h"

namespace piste::client {

// "...: referee_client URL VIDEO LOG OPTIONS", as the streaming client was called, quoted for a shell. There
// is no secret in it: before the colon it says where one goes.
std::string upload_advice(const StreamingOptions& options, const std::filesystem::path& video);

}  // namespace piste::client
