// Where the service listens when it was not told, and what to say about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/options.h"

namespace piste::app {

// chosen: REFEREE_HOST, where it was set. Without a choice: this machine only, unless there are tokens or the
// user has said --insecure.
std::string listening_host(const std::optional<std::string>& chosen, bool tokens, bool insecure);

// What is risky about listening as the options say, for the log; empty where nothing is.
std::vector<std::string> exposure_warnings(const server::Options& options);

}  // namespace piste::app
