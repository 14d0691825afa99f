#include "app/analyze_command.h"

#include <CLI/CLI.hpp>
#include <boost/algorithm/string/join.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/complain.h"
#include "app/engine_config.h"
#include "base/file_text.h"
#include "base/log.h"
#include "pipeline/engine.h"
#include "types/lamp_places.h"
#include "types/marks.h"

namespace piste::app {
namespace {

constexpr std::string_view analyze_program = "referee analyze";

struct Analyze {
  std::string video;
  std::string log;
  std::vector<std::string> hits;
  std::string piste;
  std::string fencers;
  std::string out;
  bool include_keypoints = false;
  bool no_overlay = false;
  bool verbose = false;
  EngineConfig config;
  Settings settings;
};

// Beside the video, named after it, unless --out says otherwise.
std::filesystem::path output_directory(const Analyze& asked) {
  if (!asked.out.empty()) return asked.out;
  const std::filesystem::path video(asked.video);
  return video.parent_path() / (video.stem().string() + "_analysis");
}

base::Result<types::Marks, int> marks_of(const Analyze& asked) {
  types::Marks marks;
  if (!asked.piste.empty()) {
    const auto piste = types::piste_in(asked.piste);
    if (!piste)
      return base::Error<int>{exit_usage, "--piste-corners must be " + std::string(types::piste_form)};
    marks.piste = *piste;
  }
  if (!asked.fencers.empty()) {
    marks.fencers = types::fencers_in(asked.fencers);
    if (!marks.fencers)
      return base::Error<int>{exit_usage, "--fencers must be " + std::string(types::fencers_form)};
  }
  return marks;
}

void show_progress(const pipeline::Progress& progress) {
  if (progress.progress < 1) return;
  base::log::info("", progress.stage + ": " + progress.message);
}

int run(Analyze& asked) {
  base::log::set_level(asked.verbose ? "DEBUG" : "WARNING");
  if (const auto read = asked.settings.read(process_environment()); !read)
    return complain(analyze_program, read.error().message);
  if (const auto found = find_models(asked.config, program_path()); !found)
    return complain(analyze_program, found.error().message);
  std::optional<std::string> log = "";
  if (!asked.log.empty()) log = base::file_text(asked.log);
  if (!log) return complain(analyze_program, "the scoring log " + asked.log + " cannot be read");
  if (!asked.log.empty() && log->empty())
    return complain(analyze_program, "the scoring log " + asked.log + " is empty");
  const auto hits = types::hits_in(boost::join(asked.hits, ","));
  if (!hits)
    return complain(analyze_program, "--hit must be " + std::string(types::hits_form) + ", once a side");
  const auto marks = marks_of(asked);
  if (!marks) return complain(analyze_program, marks.error().message);
  if (!std::filesystem::is_regular_file(asked.video))
    return complain(analyze_program, "there is no video file " + asked.video);

  pipeline::PhraseSettings settings;
  settings.id = std::filesystem::path(asked.video).stem().string();
  settings.include_keypoints = asked.include_keypoints;
  settings.save_overlay = !asked.no_overlay;
  settings.hits = *hits;
  settings.marks = *marks;
  settings.started = std::chrono::steady_clock::now();
  std::error_code error;
  settings.directory = std::filesystem::absolute(output_directory(asked));
  std::filesystem::create_directories(settings.directory, error);
  if (error) return complain(analyze_program, "--out cannot be made: " + error.message());

  const auto engine = pipeline::make_engine(asked.config.options);
  if (!engine) return complain(analyze_program, engine.error().message);
  const auto outcome = (*engine)->analyze_file(settings, asked.video, *log, show_progress, {});
  if (!outcome) return complain(analyze_program, outcome.error().message, exit_failed);
  std::cout << outcome->result_json << "\n";
  return 0;
}

}  // namespace

void add_analyze_command(CLI::App& app, int& exit_code) {
  auto asked = std::make_shared<Analyze>();
  auto* command = app.add_subcommand(
      "analyze",
      "A recorded phrase: video and scoring log in, verdict out; without a log the lamps in "
      "the picture count, or the hits that are told");
  command->add_option("video", asked->video, "Video file, any that FFmpeg reads")->required();
  command->add_option("log", asked->log, "The scoring box's log");
  command->add_option(
      "--hit", asked->hits,
      "A hit as you saw it, once a side: left@3.19 (seconds of the video), right@3.32:off_target");
  command->add_option(
      "--piste-corners", asked->piste,
      "Where the piste lies, for those beside it do not fence: " + std::string(types::piste_form));
  command->add_option("--fencers", asked->fencers,
                      "Who fences, in the first frames: " + std::string(types::fencers_form));
  command->add_option("--out", asked->out, "Folder for the artifacts [VIDEO's name]_analysis beside it");
  command->add_flag("--include-keypoints", asked->include_keypoints,
                    "Adds both fencers' keypoints to the result");
  command->add_flag("--no-overlay", asked->no_overlay, "Makes no overlay video");
  command->add_flag("--verbose", asked->verbose, "Says on stderr what is being done");
  add_engine_settings(asked->settings, asked->config);
  asked->settings.add_flags(*command);
  command->callback([asked, &exit_code] { exit_code = run(*asked); });
}

}  // namespace piste::app
