#include "app/render_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/complain.h"
#include "base/text.h"
#include "boxes/event_json.h"
#include "render/bout.h"
#include "render/film.h"
#include "render/motion.h"
#include "render/recorded.h"
#include "render/renderer.h"
#include "scoring/log.h"

namespace piste::app {
namespace {

constexpr std::string_view render_program = "referee render";

struct RenderArguments {
  std::string source;
  std::optional<std::size_t> row;
  std::optional<std::string> id;
  std::string video;
  std::string signal;
  std::string truth;
  std::string events;  // of a whole bout
  int quality = 90;
  render::RenderOptions options;
};

std::string json_lines(const boxes::Events& events) {
  std::string text;
  for (const auto& event : events) text += boxes::json_line(event) + "\n";
  return text;
}

render::Result<render::Scene> load(const RenderArguments& arguments) {
  if (!arguments.events.empty()) {
    auto bout = render::load_bout(arguments.source);
    if (!bout) return bout.error();
    const auto written = render::write_text(arguments.events, json_lines(bout->events));
    if (!written) return written.error();
    return std::move(bout->scene);
  }
  if (!arguments.row && !arguments.id) return render::load_motion(arguments.source);
  const render::RowChoice choice =
      arguments.id ? render::RowChoice(*arguments.id) : render::RowChoice(*arguments.row);
  auto scene = render::load_row(arguments.source, choice);
  if (!scene) return scene;
  // A row's log is the box's: whatever is wrong with it is for the analysis to say. The lamps stay dark then.
  if (auto log = scoring::parse_log(scene->scoring_log)) scene->phrase = std::move(log->phrase);
  return scene;
}

// Beside the video, under its name, unless the user wants it elsewhere.
std::filesystem::path signal_path(const RenderArguments& arguments) {
  if (!arguments.signal.empty()) return arguments.signal;
  return std::filesystem::path(arguments.video).replace_extension(".txt");
}

int run_render(const RenderArguments& arguments) {
  if (const auto checked = render::check(arguments.options); !checked)
    return complain(render_program, checked.error().message);
  auto scene = load(arguments);
  if (!scene) return complain(render_program, scene.error().message);
  const std::string log = scene->scoring_log;
  const render::Renderer renderer(std::move(*scene), arguments.options);
  const auto film = render::write_film(renderer, arguments.video, arguments.quality);
  if (!film) return complain(render_program, film.error().message);
  const std::filesystem::path signal = signal_path(arguments);
  if (arguments.events.empty()) {
    if (const auto written = render::write_text(signal, log); !written)
      return complain(render_program, written.error().message);
  }
  if (!arguments.truth.empty()) {
    const auto written = render::write_text(arguments.truth, render::truth_json(renderer));
    if (!written) return complain(render_program, written.error().message);
  }
  std::cerr << arguments.video << ": " << renderer.frames() << " frames, " << arguments.options.width << " x "
            << arguments.options.height << " at " << arguments.options.fps << "/s; "
            << (arguments.events.empty() ? "the box's log is in " + signal.string()
                                         : "what the box says is in " + arguments.events)
            << "\n";
  return 0;
}

void add_picture_options(CLI::App& command, RenderArguments& arguments) {
  command.add_option("--width", arguments.options.width, "pixels")
      ->check(CLI::Range(160, 7680))
      ->capture_default_str();
  command.add_option("--height", arguments.options.height, "pixels")
      ->check(CLI::Range(120, 4320))
      ->capture_default_str();
  command.add_option("--fps", arguments.options.fps, "frames a second")
      ->check(CLI::Range(1.0, 240.0))
      ->capture_default_str();
  command.add_option("--seed", arguments.options.seed, "of the hall, the clothes and the camera's noise")
      ->capture_default_str();
  auto& camera = arguments.options.camera;
  command.add_option("--pan", camera.pan, "the camera swings to and fro, at most so many metres a second")
      ->check(CLI::Range(0.0, 6.0))
      ->capture_default_str();
  command.add_option("--zoom", camera.zoom, "it zooms in and out, so many times")
      ->check(CLI::Range(1.0, 2.0))
      ->capture_default_str();
  command.add_option("--shake", camera.shake, "it is held by hand: pixels of a picture 1280 wide")
      ->check(CLI::Range(0.0, 20.0))
      ->capture_default_str();
  auto& company = arguments.options.company;
  command.add_option("--spectators", company.spectators, "so many people stand behind the piste")
      ->check(CLI::Range(0, 40))
      ->capture_default_str();
  command.add_flag("--referee", company.referee, "a referee goes along with the fencers, behind the piste");
  command.add_flag("--other-piste", company.other_piste, "two more fence behind");
  command.add_flag("--passer-by", company.passer_by, "somebody walks through before the fencers");
  command.add_option("--quality", arguments.quality, "of the video, 1..100")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
}

}  // namespace

void add_render_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "render", "Draw a phrase as a video: a motion description, or a recorded row; or a whole bout");
  auto arguments = std::make_shared<RenderArguments>();
  command->add_option("source", arguments->source, "MOTION.json, or with --row or --id PHRASES.jsonl[.gz]")
      ->required();
  auto* row = command->add_option("--row", arguments->row, "the row to draw; the first is 1");
  command->add_option("--id", arguments->id, "the id of the row to draw")->excludes(row);
  command->add_option("--out", arguments->video, "VIDEO.mp4 (H.264) or VIDEO.mkv (JPEG pictures)")
      ->required();
  command->add_option("--signal", arguments->signal, "where the scoring box's log goes (default: VIDEO.txt)");
  command
      ->add_option(
          "--box-events", arguments->events,
          "the source is a whole bout (samples/bouts/sabre.json); what its box says goes here, as JSON lines")
      ->excludes(row);
  command->add_option("--truth", arguments->truth,
                      "where the keypoints and the camera's motion that were drawn go, as JSON");
  add_picture_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = run_render(*arguments); });
}

}  // namespace piste::app
