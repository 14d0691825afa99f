// bench_ingest: how fast the service takes frames, and what it costs. One JSON line a case on stdout, a table
// on stderr.
//
// Each case runs against a fresh referee_service and, beside it, a bare TCP sink that writes the same frames
// to a file. The service defers analysis to session_end (which never comes) unless --live is given. Figures
// are medians.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "base/json_text.h"
#include "figures.h"
#include "ingest_load.h"
#include "program.h"
#include "service_run.h"

namespace piste::bench {
namespace {

namespace json = boost::json;

constexpr int distinct_frames = 8;

struct Options {
  ServiceOptions service;
  std::vector<std::string> pictures{"jpeg1080", "jpeg720", "raw720"};
  std::vector<int> sessions{1, 4, 10};
  std::vector<int> windows{1, 64};
  std::uint64_t megabytes = 400;  // of frames, for each run
  int runs = 3;
  double rate = 0;
  bool live = false;
  bool no_sink = false;
};

struct Case {
  const Picture& picture;
  const Frames& frames;
  std::size_t frame_bytes;  // on average
  Load load;
};

Measured run_service(const Options& options, const Case& one, std::uint64_t& peak_memory) {
  const ServiceRun run(options.service, options.live ? Analysis::live : Analysis::after_end);
  Load load = one.load;
  load.cpu = [&] { return run.service.cpu(); };
  const Measured measured = drive(ServiceTarget(one.picture, one.frames), run.service.port(), load);
  peak_memory = run.service.peak_memory();
  return measured;
}

Measured run_sink(const Options& options, const Case& one) {
  const SinkRun run(options.service);
  Load load = one.load;
  load.cpu = [&] { return run.sink.cpu(); };
  return drive(SinkTarget(one.frames), run.sink.port(), load);
}

double rate_of(const Measured& run) {
  return static_cast<double>(run.frames) / run.seconds;
}
double cpu_of(const Measured& run) {
  return 1000 * run.cpu / static_cast<double>(run.frames);
}
double own_cpu_of(const Measured& run) {
  return 1000 * run.own_cpu / static_cast<double>(run.frames);
}

void report(const Options& options, const Case& one, const std::vector<Measured>& service,
            const std::vector<Measured>& sink, std::uint64_t peak_memory) {
  const double rate = median_of(service, rate_of);
  const double megabytes = rate * static_cast<double>(one.frame_bytes) / 1e6;
  const double cpu = median_of(service, cpu_of);
  const double p50 = median_of(service, [](const Measured& run) { return run.ack_p50; });
  const double p99 = median_of(service, [](const Measured& run) { return run.ack_p99; });
  json::object line{{"bench", "ingest"},
                    {"picture", one.picture.name},
                    {"frame_bytes", one.frame_bytes},
                    {"analysis", options.live ? "live" : "after-end"},
                    {"sessions", one.load.sessions},
                    {"window", one.load.window},
                    {"frames", one.load.frames},
                    {"runs", options.runs},
                    {"frames_per_s", rounded(rate)},
                    {"MB_per_s", rounded(megabytes)},
                    {"service_cpu_s_per_1000", rounded(cpu)},
                    {"own_cpu_s_per_1000", rounded(median_of(service, own_cpu_of))},
                    {"ack_p50_ms", rounded(p50)},
                    {"ack_p99_ms", rounded(p99)},
                    {"service_peak_MB", peak_memory >> 20}};
  double share = 0;
  double sink_rate = 0;
  if (!sink.empty()) {
    sink_rate = median_of(sink, rate_of);
    share = rate / sink_rate;
    line["sink_frames_per_s"] = rounded(sink_rate);
    line["sink_cpu_s_per_1000"] = rounded(median_of(sink, cpu_of));
    line["share_of_sink"] = rounded(share);
  }
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%-9s %8d %6d %9.0f %8.0f %8.3f %8.3f %9.2f %9.2f %9.0f %6.2f %7llu\n",
               one.picture.name.c_str(), one.load.sessions, one.load.window, rate, megabytes, cpu,
               median_of(service, own_cpu_of), p50, p99, sink_rate, share,
               static_cast<unsigned long long>(peak_memory >> 20));
}

void run_case(const Options& options, const Case& one) {
  std::vector<Measured> service;
  std::vector<Measured> sink;
  std::uint64_t peak_memory = 0;
  for (int run = 0; run < options.runs; ++run) {
    std::uint64_t peak = 0;
    service.push_back(run_service(options, one, peak));
    peak_memory = std::max(peak_memory, peak);
    if (!options.no_sink) sink.push_back(run_sink(options, one));
  }
  report(options, one, service, sink, peak_memory);
}

void run_all(const Options& options) {
  std::fprintf(stderr, "%-9s %8s %6s %9s %8s %8s %8s %9s %9s %9s %6s %7s\n", "picture", "sessions", "window",
               "frames/s", "MB/s", "cpu/1000", "own", "ack p50", "ack p99", "sink f/s", "share", "peak MB");
  for (const Picture& picture : all_pictures()) {
    if (std::find(options.pictures.begin(), options.pictures.end(), picture.name) == options.pictures.end())
      continue;
    const auto frames = make_frames(picture, distinct_frames);
    std::size_t bytes = 0;
    for (const types::Bytes& frame : frames) bytes += frame.size() / frames.size();
    for (const int sessions : options.sessions) {
      for (const int window : options.windows) {
        Load load;
        load.sessions = sessions;
        load.window = window;
        load.rate = options.rate;
        load.frames = std::max<std::int64_t>(static_cast<std::int64_t>(options.megabytes * 1'000'000 / bytes),
                                             sessions);
        run_case(options, {picture, frames, bytes, load});
      }
    }
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("How fast the service takes frames, and what it costs");
  Options options;
  add_service_options(app, options.service);
  app.add_option("--pictures", options.pictures, "jpeg1080, jpeg720, raw720")->delimiter(',');
  app.add_option("--sessions", options.sessions, "numbers of sessions at a time")->delimiter(',');
  app.add_option("--windows", options.windows, "frames in flight")->delimiter(',');
  app.add_option("--megabytes", options.megabytes, "frames of each run")->capture_default_str();
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  app.add_option("--rate", options.rate, "frames/s of each session (default: as fast as they go)");
  app.add_flag("--live", options.live, "the service analyses meanwhile");
  app.add_flag("--no-sink", options.no_sink, "without the yardstick");
  return run_program(app, argc, argv, [&] { run_all(options); });
}
