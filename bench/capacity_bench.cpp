// bench_capacity: how many pistes a core carries, with the overlay and all; and from that, how many cores and
// nodes so many pistes need. One JSON line a case on stdout, a table on stderr.
//
//   phrases   live phrases at once, each at its own pace: what a core spends on a frame from its coming to
//   the
//             finished overlay, and how long after the signal the last decision comes
//   pistes    so many pistes that stream a share of the time: as many are live at once as at 99.9 % of
//   moments
//
// The processor's time is counted, not the clock's: it says the same on a machine that others use too.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <future>
#include <iostream>
#include <vector>

#include "phrase_client.h"
#include "pose_clip.h"
#include "report.h"
#include "service_run.h"

namespace piste::bench {
namespace {

struct Options {
  ClipFiles files;
  ServiceOptions service;
  int runs = 3;
  int phrases = 2;      // at once
  double seconds = 10;  // of each
  double share = .3;    // of the time that a piste streams
  double spare = .25;   // of the cores, left free
  int node_cores = 32;
  std::vector<int> pistes{60, 1000};
};

struct Size {
  const char* name;
  int width;
  int height;
  std::size_t frame_bytes;
};
constexpr Size kSizes[] = {{"720p", 1280, 720, 100'000}, {"1080p", 1920, 1080, 200'000}};
constexpr double most_moments = .999;

struct Cost {
  double cpu_ms = 0;    // of a core, a frame
  double decision = 0;  // s, the latest
};

Cost measure_phrases(const Options& options, const Clip& clip) {
  const ServiceRun run(options.service, Analysis::live);
  const double before = run.service.cpu();
  std::vector<std::future<Answers>> sent;
  for (int i = 0; i < options.phrases; ++i) {
    sent.push_back(std::async(std::launch::async, [&, i] {
      return send_phrase(run.service.port(), clip, log_for(clip),
                         {.id = "piste-" + std::to_string(i), .overlay = true});
    }));
  }
  Cost cost;
  for (auto& phrase : sent) cost.decision = std::max(cost.decision, phrase.get().decision);
  const double frames = static_cast<double>(clip.frames.size()) * options.phrases;
  cost.cpu_ms = 1e3 * (run.service.cpu() - before) / frames;
  return cost;
}

// The number of live ones that is not exceeded at 99.9 % of moments, where each is live for a share of the
// time, whatever the others do.
int live_at_once(int pistes, double share) {
  double probability = 0;
  for (int live = 0; live <= pistes; ++live) {
    const double ways = std::lgamma(pistes + 1.) - std::lgamma(live + 1.) - std::lgamma(pistes - live + 1.);
    probability += std::exp(ways + live * std::log(share) + (pistes - live) * std::log1p(-share));
    if (probability >= most_moments) return live;
  }
  return pistes;
}

void report_pistes(const Options& options, const std::string& size, double live_a_core) {
  for (const int pistes : options.pistes) {
    const int live = live_at_once(pistes, options.share);
    const auto nodes = [&](int number) { return std::ceil(number / live_a_core / options.node_cores); };
    report("capacity", size + " " + std::to_string(pistes) + " pistes",
           {{"live_at_once", static_cast<double>(live)},
            {"cores", std::ceil(live / live_a_core)},
            {"nodes", nodes(live)},
            {"cores_if_all_live", std::ceil(pistes / live_a_core)},
            {"nodes_if_all_live", nodes(pistes)}});
  }
}

void run(const Options& options) {
  const Case original = real_or_rendered_case(options.files);
  for (const Size& size : kSizes) {
    const Case measured = resized(original, size.width, size.height, size.frame_bytes);
    const double fps = measured.clip.fps;
    const Clip clip = to_and_fro(measured.clip, static_cast<std::size_t>(options.seconds * fps));
    std::vector<double> cpu;
    std::vector<double> decisions;
    for (int i = 0; i < options.runs; ++i) {
      const Cost cost = measure_phrases(options, clip);
      cpu.push_back(cost.cpu_ms);
      decisions.push_back(cost.decision);
    }
    const double cpu_ms = percentile(cpu, .5);
    const double live_a_core = (1 - options.spare) * 1e3 / (cpu_ms * fps);
    report("capacity", std::string(size.name) + " phrases",
           {{"at_once", static_cast<double>(options.phrases)},
            {"fps", fps},
            {"cpu_ms", cpu_ms},
            {"latest_decision_s", percentile(decisions, 1)},
            {"live_a_core", live_a_core}});
    report_pistes(options, size.name, live_a_core);
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("How many pistes a core carries, and what so many pistes need");
  add_service_options(app, options.service);
  add_clip_options(app, options.files);
  app.add_option("--runs", options.runs)->capture_default_str()->check(CLI::Range(1, 100));
  app.add_option("--phrases", options.phrases, "at once")->capture_default_str()->check(CLI::Range(1, 64));
  app.add_option("--seconds", options.seconds, "of a phrase")
      ->capture_default_str()
      ->check(CLI::Range(1, 600));
  app.add_option("--share", options.share, "of the time that a piste streams")
      ->capture_default_str()
      ->check(CLI::Range(.01, .99));
  app.add_option("--spare", options.spare, "of the cores' time that is left free")
      ->capture_default_str()
      ->check(CLI::Range(0., .9));
  app.add_option("--node-cores", options.node_cores)->capture_default_str()->check(CLI::Range(1, 1024));
  app.add_option("--pistes", options.pistes, "as many as these")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    piste::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_capacity: " << error.what() << '\n';
    return 1;
  }
}
