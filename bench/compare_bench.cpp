// bench_compare: what streaming saves, as the guide asks its users to measure, and the guide's minute. One
// JSON line a case on stdout, a table on stderr.
//
// - upload, stream: one drawn phrase, uploaded once it is over, and streamed while it is fenced in each
//   encoding. decision_s is the wait after the phrase's end; saved_s is that of the upload less this one
// - minute: a phrase of 1800 pictures of 1080p, 200 KB each, as fast as they go, while another client streams
//   at its own pace: is there a verdict, what memory did the service take, how long did the other's acks take
#include <atomic>
#include <boost/json/parse.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <thread>

#include "phrase_client.h"
#include "pose_clip.h"
#include "program.h"
#include "render/film.h"
#include "render/motion.h"
#include "report.h"
#include "service_run.h"
#include "support/http_client.h"
#include "support/websocket_client.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  ServiceOptions service;
  std::filesystem::path phrase = PISTE_SOURCE_DIR "/samples/attack-from-right.json";
  int runs = 3;
  int frames = 1800;  // of the minute
  bool no_minute = false;
  bool no_compare = false;
};

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Encoding {
  const char* name;
  types::Encoding encoding;
};
constexpr Encoding kEncodings[] = {
    {"jpeg 95", types::Encoding::jpeg}, {"png", types::Encoding::png}, {"raw", types::Encoding::raw}};

types::Bytes encode(types::Image image, types::Encoding encoding) {
  if (encoding == types::Encoding::raw) return std::move(image.bgr);
  return must(encoding == types::Encoding::png ? video::encode_png(image) : video::encode_jpeg(image, 95));
}

Clip clip_of(const render::Renderer& renderer, types::Encoding encoding) {
  Clip clip{renderer.options().width, renderer.options().height, renderer.options().fps, {}, {}};
  for (int i = 0; i < renderer.frames(); ++i) {
    clip.frames.push_back({i, renderer.time(i), encoding, clip.width, clip.height,
                           std::make_shared<const types::Bytes>(encode(renderer.frame(i), encoding))});
    clip.times.push_back(renderer.time(i));
  }
  return clip;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The winner of the one phrase that the service has kept.
std::string winner_in(const std::filesystem::path& output) {
  for (const auto& phrase : std::filesystem::directory_iterator(output)) {
    const std::string result = content(phrase.path() / "analysis_result.json");
    if (!result.empty()) return std::string(boost::json::parse(result).at("winner").as_string());
  }
  throw std::runtime_error("the service has kept no result");
}

struct Verdict {
  std::string winner;
  double wait;  // s after the phrase's end
};

Verdict upload(std::uint16_t port, const std::string& video, const std::string& log) {
  const auto begun = Clock::now();
  const auto response =
      test::post_form(port, "/analyze", {{"video", video, "phrase.mp4"}, {"signal", log, "phrase.txt"}});
  if (response.result_int() != 200) throw std::runtime_error("the upload failed: " + response.body());
  return {std::string(boost::json::parse(response.body()).at("winner").as_string()), since(begun)};
}

double measure_upload(const Options& options, const std::string& film, const std::string& log) {
  std::vector<double> waits;
  std::string winner;
  for (int i = 0; i < options.runs; ++i) {
    const ServiceRun run(options.service, Analysis::live);
    const Verdict verdict = upload(run.service.port(), film, log);
    waits.push_back(verdict.wait);
    winner = verdict.winner;
  }
  report("compare", "upload mp4: " + winner,
         {{"MB", static_cast<double>(film.size()) / 1e6}, {"decision_s", percentile(waits, .5)}});
  return percentile(waits, .5);
}

void measure_stream(const Options& options, const Encoding& encoding, const Clip& clip,
                    const std::string& log, double upload) {
  std::vector<double> decisions;
  std::vector<double> completes;
  std::string winner;
  for (int i = 0; i < options.runs; ++i) {
    const ServiceRun run(options.service, Analysis::live);
    const Answers answers = send_phrase(run.service.port(), clip, log, {.id = "phrase"});
    // What the sending took longer than the phrase is waiting too.
    const double late = std::max(0.0, answers.sending - clip.times.back());
    decisions.push_back(late + answers.decision);
    completes.push_back(late + answers.complete);
    winner = winner_in(run.scratch.path());
  }
  const double megabytes = static_cast<double>(mean_bytes(clip) * clip.frames.size()) / 1e6;
  report("compare", std::string("stream ") + encoding.name + ": " + winner,
         {{"MB", megabytes},
          {"decision_s", percentile(decisions, .5)},
          {"complete_s", percentile(completes, .5)},
          {"saved_s", upload - percentile(decisions, .5)}});
}

void compare_ways(const Options& options) {
  const render::Renderer renderer(must(render::load_motion(options.phrase)), {});
  const std::string& log = renderer.scene().scoring_log;
  const ScratchDirectory folder(options.service.scratch);
  const auto film = folder.path() / "phrase.mp4";
  must(render::write_film(renderer, film, 95));
  const double uploaded = measure_upload(options, content(film), log);
  for (const Encoding& encoding : kEncodings) {
    measure_stream(options, encoding, clip_of(renderer, encoding.encoding), log, uploaded);
  }
}

// A phrase at its own pace until `over`; milliseconds from each frame's sending to its ack.
std::vector<double> watch_acks(std::uint16_t port, const Clip& clip, const std::atomic<bool>& over) {
  test::WebSocketClient client(port);
  client.start("beside", clip.width, clip.height, clip.fps);
  std::vector<double> acks;
  const auto begun = Clock::now();
  for (std::int64_t number = 0; !over; ++number) {
    const auto due = std::chrono::duration<double>(static_cast<double>(number) / clip.fps);
    std::this_thread::sleep_until(begun + std::chrono::duration_cast<Clock::duration>(due));
    const auto& bytes = *clip.frames[static_cast<std::size_t>(number) % clip.frames.size()].bytes;
    const auto sent = Clock::now();
    client.frame(number, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    acks.push_back(1e3 * since(sent));
  }
  return acks;
}

void measure_minute(const Options& options) {
  ClipFiles files;
  files.motion = options.phrase;
  const Case drawn = resized(rendered_case(files), 1920, 1080, 200'000);
  const Clip minute = to_and_fro(drawn.clip, static_cast<std::size_t>(options.frames));
  const ServiceRun run(options.service, Analysis::live);
  const auto& service = run.service;
  std::atomic<bool> over = false;
  auto beside =
      std::async(std::launch::async, watch_acks, service.port(), std::cref(drawn.clip), std::cref(over));
  Answers answers;
  try {
    answers = send_phrase(service.port(), minute, log_for(minute), {.id = "minute", .paced = false});
  } catch (...) {
    over = true;  // the other client is waited for whatever happens
    throw;
  }
  over = true;
  const auto acks = beside.get();
  report("compare", "minute: " + winner_in(run.scratch.path()),
         {{"frames", static_cast<double>(options.frames)},
          {"frame_bytes", static_cast<double>(mean_bytes(minute))},
          {"sending_s", answers.sending},
          {"decision_s", answers.decision},
          {"complete_s", answers.complete},
          {"peak_MB", static_cast<double>(service.peak_memory()) / 1e6},
          {"other_ack_p50_ms", percentile(acks, .5)},
          {"other_ack_p99_ms", percentile(acks, .99)}});
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  Options options;
  CLI::App app("What streaming saves against an upload, and the guide's minute of 1080p");
  add_service_options(app, options.service);
  app.add_option("--phrase", options.phrase, "motion description of the phrase")->capture_default_str();
  app.add_option("--runs", options.runs, "of each way")->capture_default_str()->check(CLI::Range(1, 100));
  app.add_option("--frames", options.frames, "of the minute")
      ->capture_default_str()
      ->check(CLI::Range(20, 100'000));
  app.add_flag("--no-compare", options.no_compare, "only the minute");
  app.add_flag("--no-minute", options.no_minute, "only the comparison");
  return run_program(app, argc, argv, [&] {
    if (!options.no_compare) compare_ways(options);
    if (!options.no_minute) measure_minute(options);
  });
}
