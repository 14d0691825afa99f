// A fresh referee_service with a folder of its own, and the options that all benches of the service share.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "ingest_process.h"

namespace piste::bench {

struct ServiceOptions {
  std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "referee_service";
  std::filesystem::path models = PISTE_SOURCE_DIR "/models";
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
};

void add_service_options(CLI::App& app, ServiceOptions& options);

enum class Analysis { live, after_end };
std::string to_string(Analysis analysis);

struct ServiceRun {
  ServiceRun(const ServiceOptions& options, Analysis analysis);
  const ScratchDirectory scratch;
  const ChildProcess service;  // ends before its folder goes
};

// The yardstick, likewise.
struct SinkRun {
  explicit SinkRun(const ServiceOptions& options);
  const ScratchDirectory scratch;
  const ChildProcess sink;
};

}  // namespace piste::bench
