// bench_startup: from the start of the process to the first frame that it has acknowledged. A JSON line on
// stdout, a table on stderr. The yardstick is a bare TCP sink: what a process, a connection and a frame cost
// by themselves.
#include <boost/json.hpp>
#include <chrono>
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
using Clock = std::chrono::steady_clock;

struct Run {
  double listening = 0;  // ms since the start
  double first_frame = 0;
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void send_one_frame(const Target& target, const ChildProcess& process, Run& run, Clock::time_point start) {
  run.listening = ms_since(start);
  Load load;
  load.frames = 1;
  load.cpu = [&] { return process.cpu(); };
  load.on_answer = [&](std::int64_t) { run.first_frame = ms_since(start); };
  drive(target, process.port(), load);
}

Run start_service(const ServiceOptions& options, const Target& target) {
  Run out;
  const auto start = Clock::now();
  const ServiceRun run(options, Analysis::live);
  send_one_frame(target, run.service, out, start);
  return out;
}

Run start_sink(const ServiceOptions& options, const Target& target) {
  Run out;
  const ScratchDirectory scratch(options.scratch);
  const auto start = Clock::now();
  const auto sink = ChildProcess::tcp_sink(scratch.path());
  send_one_frame(target, sink, out, start);
  return out;
}

void report(const std::string& target, const std::vector<Run>& runs) {
  const double listening = median_of(runs, [](const Run& run) { return run.listening; });
  const double first = median_of(runs, [](const Run& run) { return run.first_frame; });
  const json::object line{{"bench", "startup"},
                          {"target", target},
                          {"runs", runs.size()},
                          {"listening_ms", rounded(listening)},
                          {"first_frame_ms", rounded(first)}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%-10s %12.0f %15.0f\n", target.c_str(), listening, first);
}

void run_all(const ServiceOptions& options, int count) {
  const Picture& picture = picture_named("jpeg1080");
  const Frames frames = make_frames(picture, 1);
  std::vector<Run> service;
  std::vector<Run> sink;
  for (int i = 0; i < count; ++i) {
    service.push_back(start_service(options, ServiceTarget(picture, frames)));
    sink.push_back(start_sink(options, SinkTarget(frames)));
  }
  std::fprintf(stderr, "%-10s %12s %15s\n", "", "listening ms", "first frame ms");
  report("service", service);
  report("tcp sink", sink);
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("From the start of the service to the first frame that it has acknowledged");
  ServiceOptions options;
  int runs = 5;
  add_service_options(app, options);
  app.add_option("--runs", runs, "median of")->capture_default_str()->check(CLI::Range(1, 100));
  return run_program(app, argc, argv, [&] { run_all(options, runs); });
}
