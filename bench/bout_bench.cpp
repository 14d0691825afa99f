// bench_bout: a drawn bout of fifteen phrases (samples/bouts) through `referee bout`'s analysis, as boxes of
// several protocols tell it: phrases lost and invented, where they begin, verdicts beside those of the
// phrases alone and beside their author's, and how much faster than it was filmed. One JSON line a box on
// stdout, a row on stderr.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "bout_hours.h"
#include "bout_live.h"
#include "boxes/decoder.h"
#include "boxes/simulator.h"
#include "pipeline/bout_film.h"
#include "pipeline/engine.h"
#include "pipeline/film_lamps.h"
#include "program.h"
#include "render/bout.h"
#include "render/film.h"
#include "render/renderer.h"
#include "report.h"
#include "support/temp_dir.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string bout = PISTE_SOURCE_DIR "/samples/bouts/sabre.json";
  std::vector<std::string> boxes{"skewered", "favero", "cyrano", "fpa", "stgeorge", "hits", "lamps"};
  int width = 1280;
  int height = 720;
  double fps = 30;
  bool company = false;  // others in the hall, one of whom walks through
  std::string film;      // kept there, and drawn only where it is not
  double from = 0;       // s: what is streamed of it
  double to = 1e9;
  bool alone = true;  // also each phrase alone
  bool live = false;  // streamed at its own pace
  double hours = 0;   // through a service, over and over
  ServiceOptions service;
};

constexpr double first_action = .5;  // s after the start of each sample phrase

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What is heard of the bout over this protocol; "hits": the lamps alone.
boxes::Events heard(const std::string& box, const render::Bout& bout) {
  boxes::Events events;
  if (box == "hits") {
    std::ranges::copy_if(bout.events, std::back_inserter(events),
                         [](const auto& event) { return std::holds_alternative<boxes::Lamp>(event.what); });
    return events;
  }
  const auto named =
      std::ranges::find(boxes::protocols, box, &std::pair<std::string_view, boxes::Protocol>::first);
  if (named == boxes::protocols.end()) throw std::runtime_error("no protocol is called " + box);
  const auto decoder = boxes::make_decoder(named->second, {});
  boxes::simulate(named->second, bout.events, bout.scene.duration, [&](const boxes::Packet& packet) {
    const std::string bytes = packet.bytes + (boxes::is_text(named->second) ? "\n" : "");
    // The last byte of a serial frame comes when the line has carried it; a datagram at once.
    decoder->take({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, packet.at, events);
    return true;
  });
  return events;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class BoutBench {
 public:
  BoutBench(const Options& options, const render::Bout& bout, const fs::path& film, const fs::path& folder)
      : options_(options), bout_(bout), film_(film), folder_(folder) {
    engine_.detector_model = PISTE_SOURCE_DIR "/models/movenet-multipose.onnx";
    engine_.pose_model = PISTE_SOURCE_DIR "/models/movenet-thunder-int8.onnx";
    std::ranges::copy_if(bout.phrases, std::back_inserter(fenced_), [&](const auto& phrase) {
      return !options.live || (phrase.start > options.from && phrase.end < options.to);
    });
  }

  void run(const std::string& box) {
    const auto start = Clock::now();
    LiveBout live;
    if (options_.live) live = stream(box);
    const auto found = options_.live ? live.phrases : phrases(box);
    const double taken = seconds_since(start);
    std::vector<double> waits;  // s, from the last lamp to the decision
    for (std::size_t i = 0; i < live.decided.size(); ++i)
      waits.push_back(live.decided[i] - found[i].touches.back().time);
    double lost = 0, early = 0, right = 0, decided = 0;
    for (const auto& phrase : fenced_) {
      const auto match = std::ranges::find_if(found, [&](const auto& one) { return holds(one, phrase); });
      if (match == found.end()) {
        ++lost;
        continue;
      }
      early += match->start <= phrase.start + first_action - .5 + .5 / options_.fps ? 1 : 0;
      if (!phrase.verdict) continue;
      ++decided;
      right += match->outcome.winner == *phrase.verdict ? 1 : 0;
    }
    const double invented = static_cast<double>(std::ranges::count_if(found, [&](const auto& one) {
      return std::ranges::none_of(fenced_, [&](const auto& phrase) { return holds(one, phrase); });
    }));
    report("bout", box,
           {{"phrases", static_cast<double>(fenced_.size())},
            {"lost", lost},
            {"invented", invented},
            {"begin_before_first_action", early},
            {"as_author", right},
            {"of", decided},
            {"as_alone", options_.alone ? as_alone(box, found) : 0},
            {"decision_p50_s", percentile(waits, .5)},
            {"decision_p95_s", percentile(waits, .95)},
            {"decision_most_s", percentile(waits, 1)},
            {"frames_waiting_p95", percentile(live.waiting, .95)},
            {"frames_waiting_most", percentile(live.waiting, 1)},
            {"memory_grown_mb", live.grown_mb},
            {"video_s", bout_.scene.duration},
            {"times_as_fast", bout_.scene.duration / taken}});
  }

 private:
  // "lamps": nothing is told, the picture shows it.
  LiveBout stream(const std::string& box) {
    auto engine = pipeline::make_engine(engine_);
    if (!engine) throw std::runtime_error(engine.error().message);
    fs::create_directories(folder_ / box);
    return stream_bout(**engine, film_, {options_.from, options_.to},
                       box == "lamps" ? boxes::Events() : heard(box, bout_), folder_ / box);
  }

  pipeline::Listen listen_to(const std::string& box) const {
    using Told = pipeline::Result<std::optional<pipeline::Heard>>;
    if (box != "lamps") {
      return [all = std::optional(pipeline::Heard{heard(box, bout_)})]() mutable -> Told {
        return std::exchange(all, std::nullopt);
      };
    }
    types::LampPlaces places;
    places.white = false;  // the bout is one of sabre
    auto lamps = pipeline::FilmLamps::open(film_, places);
    if (!lamps) throw std::runtime_error(lamps.error().message);
    return [lamps = std::shared_ptr(std::move(*lamps))] { return lamps->next(); };
  }

  // Its first hit lies inside.
  static bool holds(const pipeline::BoutPhrase& found, const render::FencedPhrase& phrase) {
    const double hit = phrase.touches.front().time;
    return found.start < hit && hit < found.end;
  }

  std::vector<pipeline::BoutPhrase> phrases(const std::string& box) {
    std::vector<pipeline::BoutPhrase> found;
    pipeline::BoutSettings settings;
    settings.id = box;
    settings.directory = folder_ / box;
    settings.weapon = types::Weapon::sabre;
    fs::create_directories(settings.directory);
    const auto done = pipeline::analyze_bout(
        engine_, settings, film_, listen_to(box),
        {[](double, double) {}, [](const auto&) {},
         [&](const pipeline::BoutPhrase& phrase) { found.push_back(phrase); }, [](const bout::LeftOut&) {}},
        {});
    if (!done) throw std::runtime_error(done.error().message);
    return found;
  }

  // How many have the verdict that `referee analyze` gives on what is in their folder.
  double as_alone(const std::string& box, const std::vector<pipeline::BoutPhrase>& found) {
    auto engine = pipeline::make_engine(engine_);
    if (!engine) throw std::runtime_error(engine.error().message);
    double same = 0;
    for (const auto& phrase : found) {
      const fs::path kept = folder_ / box / phrase.folder;
      pipeline::PhraseSettings settings;
      settings.id = "alone";
      settings.save_overlay = false;
      settings.directory = kept / "alone";
      fs::create_directories(settings.directory);
      const auto alone = (*engine)->analyze_file(settings, kept / "phrase.mkv", text_of(kept / "phrase.txt"),
                                                 [](const pipeline::Progress&) {}, {});
      if (!alone) throw std::runtime_error(alone.error().message);
      same += alone->winner == phrase.outcome.winner ? 1 : 0;
    }
    return same;
  }

  const Options& options_;
  const render::Bout& bout_;
  const fs::path film_;
  const fs::path folder_;
  pipeline::EngineOptions engine_;
  std::vector<render::FencedPhrase> fenced_;  // of what is shown
};

void run_hours(const Options& options, const render::Bout& bout) {
  const render::Renderer renderer(bout.scene,
                                  {.width = options.width, .height = options.height, .fps = options.fps});
  const auto found = fence_for_hours(options.service, bout, renderer, options.hours);
  report("bout", "hours",
         {{"hours", options.hours},
          {"phrases", found.phrases},
          {"memory_mb", found.before_mb},
          {"memory_after_mb", found.after_mb},
          {"memory_most_mb", found.most_mb},
          {"minute_of_frames_mb", found.minute_mb},
          {"disk_between_phrases_mb", found.between_mb},
          {"times_as_fast", options.hours * 3600 / found.seconds}});
}

void draw(const Options& options, const render::Bout& bout, const fs::path& film) {
  render::RenderOptions drawing{.width = options.width, .height = options.height, .fps = options.fps};
  if (options.company) drawing.company = {.spectators = 6, .referee = true, .passer_by = true};
  const auto written = render::write_film(render::Renderer(bout.scene, drawing), film, 90);
  if (!written) throw std::runtime_error(written.error().message);
}

int run(const Options& options) {
  auto bout = render::load_bout(options.bout);
  if (!bout) throw std::runtime_error(bout.error().message);
  if (options.hours > 0) {
    run_hours(options, *bout);
    return 0;
  }
  const test::TempDir folder;
  const fs::path film =
      options.film.empty() ? folder / (options.live ? "bout.mkv" : "bout.mp4") : fs::path(options.film);
  if (!fs::exists(film)) draw(options, *bout, film);
  BoutBench bench(options, *bout, film, folder.path());
  for (const std::string& box : options.boxes) bench.run(box);
  return 0;
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("A drawn bout: phrases found, verdicts, speed", "bench_bout");
  app.add_option("--bout", options.bout, "its description")->capture_default_str();
  app.add_option("--boxes", options.boxes, "protocols; hits: their lamps alone; lamps: those in the picture")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--width", options.width)->capture_default_str();
  app.add_option("--height", options.height)->capture_default_str();
  app.add_option("--fps", options.fps)->capture_default_str();
  app.add_flag("--company", options.company, "spectators, a referee, somebody who walks through");
  app.add_option("--film", options.film, "of an earlier run, or to be kept; .mp4, live .mkv");
  app.add_flag("--live", options.live, "streams it at its own pace");
  app.add_option("--from", options.from, "live: from this second of it on")->capture_default_str();
  app.add_option("--to", options.to, "live: until this second");
  app.add_option("--hours", options.hours,
                 "over and over through a service, as fast as that judges it: its memory and disk");
  piste::bench::add_service_options(app, options.service);
  app.add_flag("!--not-alone", options.alone, "leaves out each phrase alone");
  return piste::bench::run_program(app, argc, argv, [&] { return piste::bench::run(options); });
}
