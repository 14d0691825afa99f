// bench_latency: how long after the scoring log the verdict comes, and how long until everything is written.
// A phrase is streamed to referee_service at its own pace; the time counts from the last byte of the signal
// to the message that carries the decision, and to process_complete. One JSON line a case on stdout, a table
// on stderr.
#include <algorithm>
#include <iostream>

#include "phrase_client.h"
#include "plot.h"
#include "pose_clip.h"
#include "program.h"
#include "report.h"
#include "service_run.h"

namespace piste::bench {
namespace {

struct Options {
  ClipFiles files;
  ServiceOptions service;
  std::filesystem::path plot;
  std::vector<double> seconds{3, 60};
  double budget = 120;  // seconds of phrases, for each case
  double fps = 0;       // 0: the clip's own
};

struct Size {
  const char* name;
  int width;
  int height;
  std::size_t frame_bytes;
};
constexpr Size kSizes[] = {{"720p", 1280, 720, 100'000}, {"1080p", 1920, 1080, 200'000}};

// Short phrases are repeated more often.
int runs_for(const Options& options, double seconds) {
  return std::clamp(static_cast<int>(options.budget / seconds), 2, 20);
}

// The medians, in ms.
struct Latency {
  double decision = 0;
  double complete = 0;
};

Latency measure(const Options& options, const Size& size, const Case& measured, double seconds) {
  const Clip clip = to_and_fro(measured.clip, static_cast<std::size_t>(seconds * measured.clip.fps));
  const ServiceRun started(options.service, Analysis::live);
  std::vector<double> decisions;
  std::vector<double> completes;
  std::vector<double> acks;
  const int runs = runs_for(options, seconds);
  for (int run = 0; run < runs; ++run) {
    const Answers answers =
        send_phrase(started.service.port(), clip, log_for(clip), {.id = "latency-" + std::to_string(run)});
    decisions.push_back(1e3 * answers.decision);
    completes.push_back(1e3 * answers.complete);
    acks.push_back(1e3 * answers.slowest_ack);
  }
  report("latency",
         std::string(size.name) + " at " + std::to_string(static_cast<int>(clip.fps)) + "/s, " +
             std::to_string(static_cast<int>(seconds)) + " s",
         {{"runs", static_cast<double>(runs)},
          {"decision_p50_ms", percentile(decisions, .5)},
          {"decision_p95_ms", percentile(decisions, .95)},
          {"complete_p50_ms", percentile(completes, .5)},
          {"complete_p95_ms", percentile(completes, .95)},
          {"slowest_ack_ms", percentile(acks, 1)},
          {"service_peak_MB", static_cast<double>(started.service.peak_memory() >> 20)}});
  return {percentile(decisions, .5), percentile(completes, .5)};
}

void run(const Options& options) {
  const Case original = real_or_rendered_case(options.files);
  Chart chart{"From the scoring log to the answer", "length of the phrase, s", "ms", {}};
  for (const Size& size : kSizes) {
    Case measured = resized(original, size.width, size.height, size.frame_bytes);
    if (options.fps > 0) measured.clip.fps = options.fps;
    Series decisions{std::string(size.name) + " decision", {}};
    Series completes{std::string(size.name) + " everything written", {}};
    for (const double seconds : options.seconds) {
      const Latency latency = measure(options, size, measured, seconds);
      decisions.points.emplace_back(seconds, latency.decision);
      completes.points.emplace_back(seconds, latency.complete);
    }
    chart.series.push_back(std::move(decisions));
    chart.series.push_back(std::move(completes));
  }
  if (!options.plot.empty()) write_svg(chart, options.plot);
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("From the scoring log's last byte to the decision, and to the end");
  add_service_options(app, options.service);
  add_clip_options(app, options.files);
  app.add_option("--seconds", options.seconds, "lengths of the phrases")
      ->delimiter(',')
      ->check(CLI::Range(1, 600));
  app.add_option("--budget", options.budget, "seconds of phrases for each case")
      ->capture_default_str()
      ->check(CLI::Range(1, 36000));
  app.add_option("--fps", options.fps,
                 "pictures a second, for machines that cannot read the clip's own in time")
      ->check(CLI::Range(5, 60));
  app.add_option("--plot", options.plot, "SVG file of the medians over the phrase's length");
  return piste::bench::run_program(app, argc, argv, [&] { piste::bench::run(options); });
}
