// bench_eyes: how well the fencers are seen. One JSON line a case on stdout, a table on stderr.
//
//   camera   what a camera that moves costs, on drawn phrases (needs ../shared/data/phrases; skips without)
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "eyes_camera.h"

namespace {

using namespace piste::bench;

void add_camera(CLI::App& app) {
  static EyesCamera options{PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz",
                            PISTE_SOURCE_DIR "/models"};
  static bool only_time = false;
  auto* command = app.add_subcommand("camera", "drawn phrases, with a camera that swings, zooms and shakes");
  command->add_option("--rows", options.rows, "recorded phrases, JSON lines");
  command->add_option("--phrases", options.phrases, "how many of them")->capture_default_str();
  command->add_flag("--time", only_time, "only how long a picture takes");
  command->callback([] {
    measure_camera_time();
    if (only_time) return;
    if (std::filesystem::exists(options.rows))
      measure_camera(options);
    else
      std::fprintf(stderr, "skipped: %s is not there\n", options.rows.c_str());
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("How well the fencers are seen");
  app.require_subcommand(1);
  add_camera(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_eyes: %s\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
