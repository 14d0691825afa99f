// The settings of referee_service.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/engine_config.h"
#include "app/settings.h"
#include "cluster/directory.h"
#include "server/options.h"
#include "session/registry.h"

namespace piste::app {

struct ServiceConfig {
  EngineConfig engine;
  session::Limits limits;
  server::Options server;
  struct {
    std::string url;                    // REFEREE_S3; empty: there is no store
    std::string region = "us-east-1";   // REFEREE_S3_REGION
    std::filesystem::path credentials;  // REFEREE_S3_CREDENTIALS
  } s3;
  cluster::Directory::Options cluster;  // without a URL: this node is in no cluster
  std::filesystem::path boxes_file;     // REFEREE_BOXES (piste_boxes.h); empty: no box is heard
  std::string log_level = "INFO";
  std::string log_format = "text";
};

// arguments: without the program's name. The error is what to print instead of starting: --help, --version,
// --print-config, or what is wrong.
base::Result<ServiceConfig, Exit> read_service_config(std::vector<std::string> arguments,
                                                      const Environment& environment);

}  // namespace piste::app
