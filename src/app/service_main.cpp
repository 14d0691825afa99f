// referee_service: frames and scoring logs in over WebSocket and HTTP, verdicts out.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "app/complain.h"
#include "app/exposure.h"
#include "app/invitation.h"
#include "app/piste_boxes.h"
#include "app/service_config.h"
#include "base/log.h"
#include "base/text.h"
#include "cluster/directory.h"
#include "pipeline/engine.h"
#include "server/server.h"
#include "session/registry.h"
#include "store/store.h"

namespace {

using namespace piste;

constexpr std::string_view program = "referee_service";

// glibc gives each thread that meets another in malloc a heap of its own, up to eight a core, and each keeps
// what it once held. Two are enough here: what is allocated often is large, and lives long.
void share_heaps() {
#ifdef __GLIBC__
  constexpr int heaps = 2;
  ::mallopt(M_ARENA_MAX, heaps);
#endif
}

// Whoever reads our log may end before us: a line that nobody reads is no reason to end.
void outlive_readers_of_the_log() {
  std::signal(SIGPIPE, SIG_IGN);
}

void read_again(app::PisteBoxes& boxes) {
  const auto loaded = boxes.load();
  if (loaded) return base::log::info("", "Boxes read again");
  base::log::error("", "Boxes not read again, what was read before still holds: " + loaded.error().message);
}

int serve(app::ServiceConfig config) {
  base::log::set_level(config.log_level);
  if (config.log_format == "json") base::log::set_json();
  if (const auto found = app::find_models(config.engine, app::program_path()); !found) {
    return app::complain(program, found.error().message, app::exit_usage);
  }
  std::error_code ec;
  std::filesystem::create_directories(config.limits.output_dir, ec);
  if (ec) {
    return app::complain(
        program,
        "REFEREE_OUTPUT_DIR: " + config.limits.output_dir.string() + " cannot be made: " + ec.message(),
        app::exit_usage);
  }

  auto engine = pipeline::make_engine(config.engine.options);
  if (!engine) return app::complain(program, engine.error().message, app::exit_usage);
  config.server.models = app::model_names(config.engine.options);
  std::optional<cluster::Directory> directory;
  if (!config.cluster.url.empty()) {
    if (const auto wrong = cluster::wrong_in(config.cluster.url))
      return app::complain(program, "REFEREE_CLUSTER: " + *wrong, app::exit_usage);
    directory.emplace(config.cluster);
  }
  session::Registry registry(**engine, config.limits, recording::system_disk(),
                             directory ? &*directory : nullptr);
  registry.find_left();
  std::optional<store::Store> store;
  if (!config.s3.url.empty()) {
    auto place = store::read_place(config.s3.url, config.s3.region, config.s3.credentials);
    if (!place) return app::complain(program, "REFEREE_S3: " + place.error().message, app::exit_usage);
    store.emplace(std::move(*place), store::Outbox::Options{.shelf = registry.limits().output_dir});
    config.server.store = &*store;
  }
  auto server = server::Server::listen(config.server, registry);
  if (!server) {
    // A port that is in use may be free later; what was set wrong stays wrong.
    const bool later = server.error().code == server::ErrorCode::address;
    return app::complain(program, server.error().message, later ? app::exit_failed : app::exit_usage);
  }
  for (const auto& warning : app::exposure_warnings(config.server)) base::log::warning("", warning);
  app::PisteBoxes boxes(config.boxes_file, registry.tellers());
  if (!config.boxes_file.empty()) {
    if (const auto loaded = boxes.load(); !loaded) return app::complain(program, loaded.error().message);
    (*server)->on_reload([&boxes] { read_again(boxes); });
  }
  (*server)->obey_signals();
  std::cout << "Listening on " << (*server)->url() << std::endl;  // flushed: scripts wait for it
  if (::isatty(STDOUT_FILENO))
    std::cout << app::invitation((*server)->url(), app::network_addresses()) << std::flush;
  (*server)->run();
  base::log::info("", "Stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  share_heaps();
  outlive_readers_of_the_log();
  auto config = app::read_service_config({argv + 1, argv + argc}, app::process_environment());
  if (config) return serve(std::move(*config));
  if (config.error().code == app::Exit::usage)
    return app::complain(program, config.error().message, app::exit_usage);
  std::cout << config.error().message;
  return 0;
}
