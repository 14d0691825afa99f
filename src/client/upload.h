// referee_client: a video and a scoring log to POST /analyze, and GET /health. smart_referee_client:
// streaming where the server has it, else that.
#pragma once

#include "client/console.h"
#include "client/options.h"

namespace piste::client {

// Uploads, waits for the verdict, shows it. With options.health: shows the server's health. Returns the
// program's exit code (client/error.h).
int run_upload(const UploadOptions& options, Console console);

enum class Way { streaming, upload };
// Whether GET /streaming/stats answers as a server does that streams.
Result<Way> find_way(const ServerUrl& server, const std::filesystem::path& ca);

// Says which way it takes, takes it, and returns the exit code.
int run_smart(const SmartOptions& options, Console console);

}  // namespace piste::client
