// bench_eyes: how well the fencers are seen. One JSON line a case on stdout, a table on stderr.
//
//   camera   what a camera that moves costs, on drawn phrases (needs ../shared/data/phrases; skips without)
//   company  the same in halls that are full of people
//   clips    real scenes in which a person marked both fencers (needs ../shared/data/clips; skips without)
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "eyes_camera.h"
#include "eyes_clips.h"
#include "eyes_company.h"
#include "program.h"

namespace {

using namespace piste::bench;

void add_camera(CLI::App& app) {
  static EyesCamera options{PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz",
                            PISTE_SOURCE_DIR "/models"};
  static bool only_time = false;
  auto* command = app.add_subcommand("camera", "drawn phrases, with a camera that swings, zooms and shakes");
  command->add_option("--rows", options.rows, "recorded phrases, JSON lines");
  command->add_option("--phrases", options.phrases, "how many of them")->capture_default_str();
  command->add_option("--from", options.from, "begin with this one of them, counted from 0");
  command->add_option("--count", options.count, "stop after so many: a run of hours in slices");
  command->add_flag("--time", only_time, "only how long a picture takes");
  command->callback([] {
    if (options.from == 0) measure_camera_time();
    if (only_time) return;
    if (std::filesystem::exists(options.rows))
      measure_camera(options);
    else
      std::fprintf(stderr, "skipped: %s is not there\n", options.rows.c_str());
  });
}

void add_company(CLI::App& app) {
  static EyesCompany options{.rows = PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz",
                             .models = PISTE_SOURCE_DIR "/models",
                             .only = {},
                             .cache = {},
                             .pictures = {}};
  auto* command = app.add_subcommand("company", "drawn phrases, in halls that are full of people");
  command->add_option("--rows", options.rows, "recorded phrases, JSON lines");
  command->add_option("--phrases", options.phrases, "how many of them")->capture_default_str();
  command->add_option("--from", options.from, "begin with this one of them, counted from 0");
  command->add_option("--count", options.count, "stop after so many");
  command->add_flag("--held-back", options.held_back,
                    "the other half of them, which nobody looks at while the tracker is changed");
  command->add_option("--only", options.only, "these halls")->check(CLI::IsMember(company_halls()));
  auto* cache = command->add_option(
      "--cache", options.cache,
      "folder that keeps the films and what the networks said: the tracks alone, quicker the second time");
  command->add_option("--pictures", options.pictures, "folder to draw what was found into")->needs(cache);
  command->callback([] {
    if (std::filesystem::exists(options.rows))
      measure_company(options);
    else
      std::fprintf(stderr, "skipped: %s is not there\n", options.rows.c_str());
  });
}

void add_clips(CLI::App& app) {
  static EyesClips options{
      PISTE_SOURCE_DIR "/../shared/data/clips", PISTE_SOURCE_DIR "/models", {}, {}, {}, 10, false, 0};
  auto* command = app.add_subcommand("clips", "real scenes in which a person marked both fencers");
  command->add_option("folder", options.folder, "clips and annotations.json")->capture_default_str();
  command->add_option("--models", options.models, "folder of the models")->capture_default_str();
  command->add_option(
      "--cache", options.cache,
      "folder that keeps what the networks said, with rounded crops: quicker the second time");
  command->add_option("--pictures", options.pictures, "folder to draw what was found into");
  command->add_option("--every", options.every, "frames from one picture to the next")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--only", options.only, "these clips, by name");
  command->add_flag("--tapped", options.tapped,
                    "tell the tracker who fences, as a person taps them in the first annotated frame");
  command
      ->add_option("--otherwise", options.begin_every,
                   "also mirrored, backwards, smaller, and begun at every so many seconds")
      ->check(CLI::PositiveNumber);
  command->callback([] {
    if (std::filesystem::exists(options.folder))
      measure_clips(options);
    else
      std::fprintf(stderr, "skipped: %s is not there\n", options.folder.c_str());
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("How well the fencers are seen");
  app.require_subcommand(1);
  add_camera(app);
  add_company(app);
  add_clips(app);
  return piste::bench::run_program(app, argc, argv, [] {});
}
