// The settings of referee_service.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/engine_config.h"
#include "app/settings.h"
#include "server/options.h"
#include "session/registry.h"

namespace piste::app {

struct ServiceConfig {
  EngineConfig engine;
  session::Limits limits;
  server::Options server;
  std::filesystem::path boxes_file;  // REFEREE_BOXES (piste_boxes.h); empty: no box is heard
  std::string log_level = "INFO";
  std::string log_format = "text";
};

// arguments: without the program's name. The error is what to print instead of starting: --help, --version,
// --print-config, or what is wrong.
base::Result<ServiceConfig, Exit> read_service_config(std::vector<std::string> arguments,
                                                      const Environment& environment);

}  // namespace piste::app
