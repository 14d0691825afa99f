// bench_rtt: the streaming client over a link with a round trip, and over one that is too narrow. One JSON
// line a case on stdout, a table on stderr.
//
// referee_client_streaming sends a 1080p phrase of 200 KB a frame (JPEG at quality 85) at its own pace, 30
// frames/s, through a proxy that delays. One frame in flight at a time (--window 1) is the yardstick: what
// the guide's own example does.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <regex>

#include "base/json_text.h"
#include "figures.h"
#include "ingest_pictures.h"
#include "program.h"
#include "service_run.h"
#include "support/delay_proxy.h"
#include "video/writer.h"

namespace piste::bench {
namespace {

namespace json = boost::json;

constexpr double fps = 30;

struct Options {
  ServiceOptions service;
  std::filesystem::path client =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "referee_client_streaming";
  double seconds = 8;
  int runs = 1;
};

struct Case {
  test::Link link;
  int window = 64;
};

struct Run {
  double frames_per_second = 0;
  std::string advice;  // the client's, where it finds the link too slow
};

void make_phrase(const std::filesystem::path& directory, double seconds) {
  const Picture& picture = picture_named("jpeg1080");
  const Frames frames = make_frames(picture, 8);
  auto writer = video::RebuiltVideoWriter::create(directory / "phrase.mkv", picture.encoding, picture.width,
                                                  picture.height, fps);
  if (!writer) throw std::runtime_error(writer.error().message);
  for (std::int64_t number = 0; number < static_cast<std::int64_t>(seconds * fps); ++number) {
    types::EncodedFrame frame{number, std::nullopt, picture.encoding, picture.width, picture.height, nullptr};
    frame.bytes = std::make_shared<types::Bytes>(frames[static_cast<std::size_t>(number) % frames.size()]);
    if (const auto done = (*writer)->write(frame, static_cast<double>(number) / fps); !done)
      throw std::runtime_error(done.error().message);
  }
  if (const auto done = (*writer)->finish(); !done) throw std::runtime_error(done.error().message);
  std::ofstream(directory / "phrase.txt") << "Phrase 1 initialized at 2025-10-20 21:03:53\n"
                                             "Recording started at 2025-10-20 21:03:53\n"
                                             " 0.000s | Phrase recording started\n"
                                             " 2.000s | Left scores on Right\n";
}

// What the client says when the last frame is acknowledged, a round trip after it was sent: "240 frames sent,
// 240 acknowledged in 8.0 s (29.9 fps, ...".
Run run_case(const Options& options, const Case& one, const std::filesystem::path& phrase) {
  const ServiceRun service(options.service, Analysis::after_end);
  const test::DelayProxy proxy(service.service.port(), one.link);
  Program client(
      options.client,
      {"http://127.0.0.1:" + std::to_string(proxy.port()), "--video", (phrase / "phrase.mkv").string(),
       "--signal", (phrase / "phrase.txt").string(), "--realtime", "--window", std::to_string(one.window)});
  const std::regex sent(R"(([0-9]+) frames sent, .* in ([0-9.]+) s)");
  Run out;
  while (const auto line = client.next_line()) {
    std::smatch found;
    if (line->find("would fit") != std::string::npos || line->find("too slow") != std::string::npos)
      out.advice = *line;
    if (!std::regex_search(*line, found, sent)) continue;
    const double round_trip = std::chrono::duration<double>(one.link.round_trip).count();
    out.frames_per_second = std::stod(found[1]) / (std::stod(found[2]) - round_trip);
    break;
  }
  if (out.frames_per_second == 0) throw std::runtime_error("the client has not sent the phrase");
  return out;
}

void report(const Case& one, const std::vector<Run>& runs) {
  const double rate = median_of(runs, [](const Run& run) { return run.frames_per_second; });
  const std::string& advice = runs.back().advice;
  const json::object line{{"bench", "rtt"},
                          {"round_trip_ms", one.link.round_trip.count()},
                          {"Mbit_per_s", one.link.bits_per_second / 1e6},
                          {"window", one.window},
                          {"runs", runs.size()},
                          {"frames_per_s", rounded(rate)},
                          {"advice", advice}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%13lld %9.0f %7d %9.1f  %s\n", static_cast<long long>(one.link.round_trip.count()),
               one.link.bits_per_second / 1e6, one.window, rate, advice.c_str());
}

void run_all(const Options& options) {
  using std::chrono::milliseconds;
  const ScratchDirectory phrase(options.service.scratch);
  make_phrase(phrase.path(), options.seconds);
  const std::vector<Case> cases{{{milliseconds(20)}},      {{milliseconds(100)}},    {{milliseconds(200)}},
                                {{milliseconds(20)}, 1},   {{milliseconds(100)}, 1}, {{milliseconds(200)}, 1},
                                {{milliseconds(20), 20e6}}};
  std::fprintf(stderr, "%13s %9s %7s %9s\n", "round trip ms", "Mbit/s", "window", "frames/s");
  for (const Case& one : cases) {
    std::vector<Run> runs;
    for (int run = 0; run < options.runs; ++run) runs.push_back(run_case(options, one, phrase.path()));
    report(one, runs);
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("The streaming client over links with a round trip, and over one that is too narrow");
  Options options;
  add_service_options(app, options.service);
  app.add_option("--client", options.client, "referee_client_streaming (default: beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--seconds", options.seconds, "of the phrase")
      ->capture_default_str()
      ->check(CLI::Range(4, 600));
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  return run_program(app, argc, argv, [&] { run_all(options); });
}
