#include "service_run.h"

namespace piste::bench {

void add_service_options(CLI::App& app, ServiceOptions& options) {
  app.add_option("--service", options.program, "referee_service (default: beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--scratch", options.scratch, "where the frames are written, and removed again")
      ->check(CLI::ExistingDirectory);
}

std::string to_string(Analysis analysis) {
  return analysis == Analysis::live ? "live" : "after-end";
}

ServiceRun::ServiceRun(const ServiceOptions& options, Analysis analysis)
    : scratch(options.scratch),
      service(ChildProcess::service(
          options.program,
          {"REFEREE_OUTPUT_DIR=" + scratch.path().string(), "REFEREE_MODELS_DIR=" PISTE_SOURCE_DIR "/models",
           "REFEREE_ANALYSIS=" + to_string(analysis), "REFEREE_LOG_LEVEL=WARNING"})) {}

SinkRun::SinkRun(const ServiceOptions& options)
    : scratch(options.scratch), sink(ChildProcess::tcp_sink(scratch.path())) {}

}  // namespace piste::bench
