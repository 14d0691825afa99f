// bench_memory: how much the service grows with a phrase, and whether a frame costs the same at its end as at
// its beginning: the last tenth against the first, and against the second, because the overlay is drawn four
// seconds behind, so that most of the first tenth goes without it. One JSON line a case on stdout, a table on
// stderr, with --plot an SVG of memory over the phrase.
//
// pace: one piste, 1800 frames of 200 KB at 30 frames/s. burst: ten pistes, 1800 frames each as fast as they
// go. Both analysed as they come and, for the cost of taking frames, not yet analysed. The yardstick is a
// bare TCP sink that writes the same burst: what its frames cost more at the end is the machine's doing.
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>

#include "base/json_text.h"
#include "figures.h"
#include "ingest_load.h"
#include "plot.h"
#include "program.h"
#include "service_run.h"

namespace piste::bench {
namespace {

namespace json = boost::json;

constexpr int samples = 100;
constexpr std::uint64_t mega = 1 << 20;

struct Options {
  ServiceOptions service;
  std::int64_t frames = 1800;  // of a session
  int sessions = 10;           // of a burst
  double rate = 30;
  int runs = 1;
  std::filesystem::path plot;
};

struct Case {
  std::string name;
  int sessions = 1;
  double rate = 0;
  std::optional<Analysis> analysis;  // nullopt: the sink
};

struct Run {
  std::uint64_t before = 0;  // bytes
  std::uint64_t peak = 0;    // since then
  double seconds = 0;
  std::vector<double> time;         // s, at each sample
  std::vector<double> cpu;          // s
  std::vector<std::uint64_t> held;  // bytes
};

constexpr std::size_t tenths = 10;

// What a tenth of the frames, counted from 0, took of a clock.
double spent(const std::vector<double>& clock, std::size_t tenth) {
  const std::size_t last = clock.size() - 1;
  return clock[(tenth + 1) * last / tenths] - clock[tenth * last / tenths];
}

// What a frame costs in the last tenth against another.
double drift(const Run& run, std::size_t other) {
  return spent(run.cpu, tenths - 1) / spent(run.cpu, other);
}

// A figure of each tenth: medians of the runs.
template <class Figure>
json::array course(const std::vector<Run>& runs, Figure figure) {
  json::array out;
  for (std::size_t tenth = 0; tenth < tenths; ++tenth)
    out.push_back(rounded(median_of(runs, [&](const Run& run) { return figure(run, tenth); })));
  return out;
}

// process: what is measured, behind the target.
Run measure(const Options& options, const Case& one, const Target& target, const ChildProcess& process) {
  Run out;
  Load load;
  load.sessions = one.sessions;
  load.rate = one.rate;
  load.frames = options.frames * one.sessions;
  load.cpu = [&] { return process.cpu(); };
  const std::int64_t step = std::max<std::int64_t>(1, load.frames / samples);
  const auto sample = [&] {
    out.time.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
    out.cpu.push_back(process.cpu());
    out.held.push_back(process.memory());
  };
  load.on_answer = [&](std::int64_t answered) {
    if (answered % step == 0) sample();
  };
  process.forget_peak();
  out.before = process.memory();
  out.seconds = drive(target, process.port(), load).seconds;
  out.peak = process.peak_memory();
  return out;
}

Run run_case(const Options& options, const Case& one, const Picture& picture, const Frames& frames) {
  if (one.analysis) {
    const ServiceRun run(options.service, *one.analysis);
    return measure(options, one, ServiceTarget(picture, frames), run.service);
  }
  const SinkRun run(options.service);
  return measure(options, one, SinkTarget(frames), run.sink);
}

double growth(const Run& run) {
  return static_cast<double>(run.peak - std::min(run.peak, run.before)) / mega;
}

void report(const Case& one, const std::vector<Run>& runs, std::int64_t frames) {
  const double grown = median_of(runs, growth);
  const double before = median_of(runs, [](const Run& run) { return run.before / mega; });
  const double seconds = median_of(runs, [](const Run& run) { return run.seconds; });
  const double to_first = median_of(runs, [](const Run& run) { return drift(run, 0); });
  const double to_second = median_of(runs, [](const Run& run) { return drift(run, 1); });
  const double in_a_tenth = static_cast<double>(frames * one.sessions) / tenths;
  const auto cpu_ms = [&](const Run& run, std::size_t tenth) {
    return 1000 * spent(run.cpu, tenth) / in_a_tenth;
  };
  const auto rate = [&](const Run& run, std::size_t tenth) { return in_a_tenth / spent(run.time, tenth); };
  const json::object line{{"bench", "memory"},
                          {"case", one.name},
                          {"sessions", one.sessions},
                          {"frames", frames * one.sessions},
                          {"analysis", one.analysis ? to_string(*one.analysis) : "none"},
                          {"runs", runs.size()},
                          {"seconds", rounded(seconds)},
                          {"before_MB", before},
                          {"growth_MB", rounded(grown)},
                          {"cpu_ms_per_frame", course(runs, cpu_ms)},
                          {"frames_per_s", course(runs, rate)},
                          {"cost_last_to_first_tenth", rounded(to_first)},
                          {"cost_last_to_second_tenth", rounded(to_second)}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%-16s %8d %8lld %9.1f %10.0f %10.1f %10.2f %10.2f\n", one.name.c_str(), one.sessions,
               static_cast<long long>(frames * one.sessions), seconds, before, grown, to_first, to_second);
}

Series series_of(const Case& one, const Run& run) {
  Series series{one.name, {}};
  for (std::size_t i = 0; i < run.held.size(); ++i) {
    series.points.emplace_back(100.0 * static_cast<double>(i) / static_cast<double>(run.held.size() - 1),
                               static_cast<double>(run.held[i]) / mega);
  }
  return series;
}

void run_all(const Options& options) {
  const Picture& picture = picture_named("jpeg1080");
  const Frames frames = make_frames(picture, 8);
  const std::vector<Case> cases{{"pace, live", 1, options.rate, Analysis::live},
                                {"pace, after-end", 1, options.rate, Analysis::after_end},
                                {"burst, live", options.sessions, 0, Analysis::live},
                                {"burst, after-end", options.sessions, 0, Analysis::after_end},
                                {"burst, sink", options.sessions, 0, {}}};
  Chart chart{"Memory of the service over a phrase", "part of the frames sent, %", "MB resident", {}};
  std::fprintf(stderr, "%-16s %8s %8s %9s %10s %10s %10s %10s\n", "case", "sessions", "frames", "seconds",
               "before MB", "grows MB", "last/1st", "last/2nd");
  for (const Case& one : cases) {
    std::vector<Run> runs;
    for (int run = 0; run < options.runs; ++run) runs.push_back(run_case(options, one, picture, frames));
    report(one, runs, options.frames);
    chart.series.push_back(series_of(one, runs.back()));
  }
  if (!options.plot.empty()) write_svg(chart, options.plot);
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("How much the service grows with a phrase");
  Options options;
  add_service_options(app, options.service);
  app.add_option("--frames", options.frames, "of a session")
      ->capture_default_str()
      ->check(CLI::Range(100, 100'000));
  app.add_option("--sessions", options.sessions, "of a burst")
      ->capture_default_str()
      ->check(CLI::Range(1, 10));
  app.add_option("--rate", options.rate, "frames/s at pace")->capture_default_str();
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  app.add_option("--plot", options.plot, "an SVG of memory over the phrase");
  return run_program(app, argc, argv, [&] { run_all(options); });
}
