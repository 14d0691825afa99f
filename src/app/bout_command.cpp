#include "app/bout_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/complain.h"
#include "app/engine_config.h"
#include "artifacts/artifacts.h"
#include "base/file_text.h"
#include "base/log.h"
#include "base/text.h"
#include "boxes/decoder.h"
#include "pipeline/bout_film.h"
#include "pipeline/bout_report.h"
#include "pipeline/film_lamps.h"
#include "types/lamp_places.h"
#include "types/marks.h"

namespace piste::app {
namespace {

constexpr std::string_view bout_program = "referee bout";

struct BoutArguments {
  std::string video;
  std::string piste_corners;
  std::string events;
  std::vector<std::string> hits;
  std::string out;
  bool include_keypoints = false;
  bool no_overlay = false;
  bool verbose = false;
  EngineConfig config;
  Settings settings;
};

template <class T>
using Read = base::Result<T, Exit>;

base::Error<Exit> wrong(std::string message) {
  return {Exit::usage, std::move(message)};
}

// "left@3.19", "right@61.5:off_target": a hit at so many seconds of the video.
Read<types::box::Event> parse_hit(const std::string& text) {
  auto hit = types::hit_in(text, ":off_target");
  if (!hit) hit = types::hit_in(text, ":off");  // as it was spelled once
  if (!hit || hit->time >= 1e6)
    return wrong("--hit " + text + " must be SIDE@SECONDS, as left@3.19, or right@61.5:off_target");
  types::box::Lamp lamp;
  lamp.side = hit->scorer;
  lamp.state = hit->valid ? types::box::LampState::valid : types::box::LampState::off_target;
  return types::box::Event{lamp, {hit->time, 0}};
}

Read<std::vector<types::box::Event>> read_events(const BoutArguments& asked) {
  std::vector<types::box::Event> events;
  if (!asked.events.empty()) {
    const auto text = base::file_text(asked.events);
    if (!text) return wrong("the box's events " + asked.events + " cannot be read");
    const auto decoder = boxes::make_decoder(boxes::Protocol::lines, {});
    decoder->take({reinterpret_cast<const std::uint8_t*>(text->data()), text->size()}, std::nullopt, events);
    decoder->finish(events);
    if (!decoder->tally().problem.empty()) return wrong(asked.events + ", " + decoder->tally().problem);
  }
  for (const std::string& hit : asked.hits) {
    auto event = parse_hit(hit);
    if (!event) return event.error();
    events.push_back(std::move(*event));
  }
  std::ranges::stable_sort(events, {}, [](const types::box::Event& event) { return event.moment.at; });
  return events;
}

using Told = pipeline::Result<std::optional<pipeline::Heard>>;

pipeline::Listen listen_to_all(std::vector<types::box::Event> events) {
  return [all = std::optional(pipeline::Heard{std::move(events)})]() mutable -> Told {
    return std::exchange(all, std::nullopt);
  };
}

pipeline::Listen listen_to_lamps(const std::string& video, const types::LampPlaces& places) {
  return [video, places, lamps = std::shared_ptr<pipeline::FilmLamps>()]() mutable -> Told {
    if (!lamps) {
      auto opened = pipeline::FilmLamps::open(video, places);
      if (!opened) return opened.error();
      lamps = std::move(*opened);
    }
    return lamps->next();
  };
}

// To what somebody said was hit, or else to the lamps in the picture, as they are found.
Read<pipeline::Listen> listen_to(BoutArguments& asked) {
  if (!asked.events.empty() || !asked.hits.empty()) {
    auto events = read_events(asked);
    if (!events) return events.error();
    return listen_to_all(std::move(*events));
  }
  asked.config.options.signal_offset = 0;  // what the picture shows needs no other zero
  return listen_to_lamps(asked.video, pipeline::lamp_places({}, asked.config.options));
}

// How far it is, on a terminal.
class ProgressLine {
 public:
  void show(double done, double all) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(500)) return;
    shown_ = now;
    const double taken = std::chrono::duration<double>(now - start_).count();
    std::fprintf(stderr, "\r\033[K%s%s%s, %.1f times as fast as it was filmed",
                 pipeline::minutes(done).c_str(), all > 0 ? " of " : "",
                 all > 0 ? pipeline::minutes(all).c_str() : "", done / std::max(taken, .1));
  }
  void clear() const {
    if (terminal_) std::fputs("\r\033[K", stderr);
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
};

Read<base::Done> check(BoutArguments& asked) {
  if (const auto read = asked.settings.read(process_environment()); !read) return read;
  if (const auto found = find_models(asked.config, program_path()); !found) return found;
  if (!std::filesystem::is_regular_file(asked.video)) return wrong("there is no video file " + asked.video);
  if (!asked.piste_corners.empty() && !types::piste_in(asked.piste_corners))
    return wrong("--piste-corners must be " + std::string(types::piste_form));
  if (asked.events.empty() && asked.hits.empty() && !asked.config.options.lamps.watch)
    return wrong(
        "who hit when? --box-events FILE has what the box said (referee box decode prints it), or "
        "--hit left@3.19 says it, or --lamps auto finds the lamps in the picture");
  std::error_code failure;
  std::filesystem::create_directories(asked.out, failure);
  return failure ? Read<base::Done>(wrong("--out cannot be made: " + failure.message())) : base::Done{};
}

bool write_report(const BoutArguments& asked, const pipeline::BoutReport& report) {
  return artifacts::write_file(std::filesystem::path(asked.out) / "bout.json", pipeline::bout_json(report))
      .ok();
}

int run(BoutArguments& asked) {
  base::log::set_level(asked.verbose ? "DEBUG" : "ERROR");
  if (const auto checked = check(asked); !checked) return complain(bout_program, checked.error().message);
  ProgressLine progress;
  auto listen = listen_to(asked);
  if (!listen) return complain(bout_program, listen.error().message);
  pipeline::BoutReport report;
  report.video = std::filesystem::path(asked.video).filename().string();
  pipeline::BoutSettings settings;
  settings.id = std::filesystem::path(asked.video).stem().string();
  settings.directory = std::filesystem::absolute(asked.out);
  if (const auto corners = types::piste_in(asked.piste_corners)) settings.piste = *corners;
  settings.include_keypoints = asked.include_keypoints;
  settings.save_overlay = !asked.no_overlay;
  if (asked.config.weapon_said) settings.weapon = asked.config.options.weapon;
  const pipeline::BoutFilmObserver observer{[&](double done, double all) { progress.show(done, all); },
                                            [&](const auto& event) { report.sheet.take(event); },
                                            [&](const pipeline::BoutPhrase& phrase) {
                                              progress.clear();
                                              if (report.phrases.empty())
                                                std::cout << pipeline::table_head() << "\n";
                                              report.sheet.judged(phrase.number, phrase.outcome.winner);
                                              report.phrases.push_back(phrase);
                                              std::cout << pipeline::table_row(phrase) << std::endl;
                                            },
                                            [&](const bout::LeftOut& hit) {
                                              progress.clear();
                                              report.left_out.push_back(hit);
                                              std::cerr << "the hit at " << pipeline::minutes(hit.at)
                                                        << " is no phrase's: " << hit.why << "\n";
                                            }};
  const auto done =
      pipeline::analyze_bout(asked.config.options, settings, asked.video, *listen, observer, {});
  progress.clear();
  if (!done) return complain(bout_program, done.error().message, exit_failed);
  if (!write_report(asked, report)) return complain(bout_program, "bout.json cannot be written", exit_failed);
  if (report.phrases.empty()) return complain(bout_program, "there is no phrase in it", exit_failed);
  return 0;
}

}  // namespace

void add_bout_command(CLI::App& app, int& exit_code) {
  auto asked = std::make_shared<BoutArguments>();
  auto* command =
      app.add_subcommand("bout", "A recording of a whole bout: phrases, verdicts, a table and bout.json");
  command->add_option("video", asked->video, "Video file, any that FFmpeg reads")->required();
  command->add_option("--box-events", asked->events,
                      "What the scoring box said, as `referee box decode` prints it; its zero is the video's "
                      "first picture, plus --signal-offset-ms");
  command->add_option("--hit", asked->hits, "SIDE@SECONDS: a hit, as left@3.19; right@61.5:off_target")
      ->allow_extra_args(false);
  command->add_option(
      "--piste-corners", asked->piste_corners,
      "Where the piste lies, for those beside it do not fence: " + std::string(types::piste_form));
  command->add_option("--out", asked->out, "Folder for bout.json and a folder a phrase")->required();
  command->add_flag("--include-keypoints", asked->include_keypoints,
                    "Adds both fencers' keypoints to the results");
  command->add_flag("--no-overlay", asked->no_overlay, "Makes no overlay videos");
  command->add_flag("--verbose", asked->verbose, "Says on stderr what is being done");
  add_engine_settings(asked->settings, asked->config);
  asked->settings.add_flags(*command);
  command->callback([asked, &exit_code] { exit_code = run(*asked); });
}

}  // namespace piste::app
