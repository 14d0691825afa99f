#include "service_run.h"

namespace piste::bench {

void add_service_options(CLI::App& app, ServiceOptions& options) {
  app.add_option("--service", options.program, "referee_service (default: beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--models", options.models, "folder of the models")->capture_default_str();
  app.add_option("--scratch", options.scratch, "where the service writes, and what is removed again")
      ->check(CLI::ExistingDirectory);
}

std::string to_string(Analysis analysis) {
  return analysis == Analysis::live ? "live" : "after-end";
}

ServiceRun::ServiceRun(const ServiceOptions& options, Analysis analysis)
    : scratch(options.scratch),
      service(ChildProcess::service(
          options.program,
          {"REFEREE_OUTPUT_DIR=" + scratch.path().string(), "REFEREE_MODELS_DIR=" + options.models.string(),
           "REFEREE_ANALYSIS=" + to_string(analysis), "REFEREE_LOG_LEVEL=WARNING"})) {}

SinkRun::SinkRun(const ServiceOptions& options)
    : scratch(options.scratch), sink(ChildProcess::tcp_sink(scratch.path())) {}

}  // namespace piste::bench
