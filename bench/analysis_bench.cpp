// bench_analysis: how many frames a second are looked at, and how well, on JPEG of real size. One JSON line a
// case on stdout, a table on stderr.
//
//   decode    one picture, one thread
//   stages    decoder, networks and tracker one after the other (the way of bench_pose)
//   service   referee_service takes a phrase as fast as it can: from the first frame to the decision
//   upload    a video of the same frames by POST /analyze, until its answer, the overlay and all
//   live      two phrases at once, each at its own pace: how long after the signal their decisions come
//
// Frames go to and fro through the clip; accuracy is counted on the first pass. cpu_ms is what a core spends
// on a frame, which says more than the wall clock on a machine that others use too.
#include <algorithm>
#include <functional>
#include <future>
#include <iostream>
#include <numeric>
#include <optional>

#include "phrase_client.h"
#include "pose_clip.h"
#include "program.h"
#include "report.h"
#include "service_run.h"
#include "support/http_client.h"
#include "support/process.h"
#include "video/codec.h"
#include "video/writer.h"

namespace piste::bench {
namespace {

struct Options {
  ClipFiles files;
  ServiceOptions service;
  std::filesystem::path beside;  // another referee_service, which takes turns with it in uploads
  int runs = 3;
  int frames = 300;
  double seconds = 10;  // of the live phrases
};

struct Size {
  const char* name;
  int width;
  int height;
  std::size_t frame_bytes;
  int reduce;  // as the service decodes it
};
constexpr Size kSizes[] = {{"720p", 1280, 720, 100'000, 1}, {"1080p", 1920, 1080, 200'000, 2}};

void add_accuracy(Figures& figures, const Accuracy& accuracy) {
  figures.emplace_back("pck", accuracy.pck());
  figures.emplace_back("both_found", accuracy.found());
  figures.emplace_back("accuracy_frames", static_cast<double>(accuracy.frames));
}

void measure_decoding(const Options& options, const Size& size, const Clip& clip) {
  std::vector<double> cpu;
  for (int run = 0; run < options.runs; ++run) {
    for (const auto& frame : clip.frames) {
      const double start = cpu_milliseconds();
      must(video::decode(frame, size.reduce));
      cpu.push_back(cpu_milliseconds() - start);
    }
  }
  report("analysis", std::string(size.name) + " decode",
         {{"frame_bytes", static_cast<double>(mean_bytes(clip))},
          {"cpu_ms", percentile(cpu, .5)},
          {"best_cpu_ms", percentile(cpu, 0)}});
}

void measure_stages(const Options& options, const Size& size, const Case& measured) {
  const auto detector = must(pose::Detector::load(options.service.models / "movenet-multipose.onnx", {}));
  const auto single = must(pose::SinglePose::load(options.service.models / "movenet-thunder-int8.onnx", {}));
  std::vector<double> rates;
  std::vector<double> cpu;
  Chain chain;
  const auto frames = static_cast<double>(measured.clip.frames.size());
  for (int run = 0; run < options.runs; ++run) {
    chain = run_chain(measured.clip, *detector, *single, size.reduce);
    rates.push_back(1e3 * frames / std::accumulate(chain.frame_times.begin(), chain.frame_times.end(), 0.0));
    cpu.push_back(chain.cpu_time / frames);
  }
  Figures figures{{"frames_per_s", percentile(rates, .5)}, {"cpu_ms", percentile(cpu, .5)}};
  add_accuracy(figures, compare(measured.reference, keypoints_of(chain.tracks)));
  report("analysis", std::string(size.name) + " stages, one after the other", figures);
}

void measure_service(const Options& options, const Size& size, const Case& measured) {
  const Clip clip = to_and_fro(measured.clip, static_cast<std::size_t>(options.frames));
  std::vector<double> rates;
  std::vector<double> cpu;
  std::vector<Fencers> found;
  for (int i = 0; i < options.runs; ++i) {
    const ServiceRun run(options.service, Analysis::live);
    const double before = run.service.cpu();
    const Answers answers = send_phrase(run.service.port(), clip, log_for(clip),
                                        {.id = "fast", .paced = false, .keypoints = true, .overlay = false});
    rates.push_back(options.frames / answers.total());
    cpu.push_back(1e3 * (run.service.cpu() - before) / options.frames);
    found = answers.found;
  }
  found.resize(std::min(found.size(), measured.clip.frames.size()));
  Figures figures{{"frames_per_s", percentile(rates, .5)},
                  {"best_frames_per_s", percentile(rates, 1)},
                  {"cpu_ms", percentile(cpu, .5)}};
  add_accuracy(figures, compare(measured.reference, found));
  report("analysis", std::string(size.name) + " service", figures);
}

std::string matroska_of(const Clip& clip, const std::filesystem::path& folder) {
  const auto path = folder / "clip.mkv";
  const auto writer =
      must(video::RebuiltVideoWriter::create(path, types::Encoding::jpeg, clip.width, clip.height, clip.fps));
  for (std::size_t i = 0; i < clip.frames.size(); ++i) must(writer->write(clip.frames[i], clip.times[i]));
  must(writer->finish());
  return test::read_file(path);
}

double upload_seconds(std::uint16_t port, const std::vector<test::FormPart>& form) {
  const auto start = std::chrono::steady_clock::now();
  const auto response = test::post_form(port, "/analyze", form);
  if (response.result_int() != 200) throw std::runtime_error("refused: " + response.body());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure_upload(const Options& options, const Size& size, const Case& measured) {
  const Clip clip = to_and_fro(measured.clip, static_cast<std::size_t>(options.frames));
  const ScratchDirectory scratch(options.service.scratch);
  const std::vector<test::FormPart> form{{"video", matroska_of(clip, scratch.path()), "clip.mkv"},
                                         {"signal", log_for(clip), "clip.txt"}};
  const ServiceRun run(options.service, Analysis::live);
  std::optional<ServiceRun> other;
  if (!options.beside.empty()) {
    ServiceOptions beside = options.service;
    beside.program = options.beside;
    other.emplace(beside, Analysis::live);
  }
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int i = 0; i < options.runs; ++i) {
    const double seconds = upload_seconds(run.service.port(), form);
    rates.push_back(options.frames / seconds);
    if (other) ratios.push_back(seconds / upload_seconds(other->service.port(), form));
  }
  Figures figures{{"frames_per_s", percentile(rates, .5)}, {"best_frames_per_s", percentile(rates, 1)}};
  if (other) figures.emplace_back("time_to_other", percentile(ratios, .5));
  report("analysis", std::string(size.name) + " upload", figures);
}

void measure_live(const Options& options, const Size& size, const Case& measured) {
  const Clip clip = to_and_fro(measured.clip, static_cast<std::size_t>(options.seconds * measured.clip.fps));
  std::vector<double> decisions;
  std::vector<double> acks;
  for (int i = 0; i < options.runs; ++i) {
    const ServiceRun run(options.service, Analysis::live);
    const auto phrase = [&](const char* id) {
      return send_phrase(run.service.port(), clip, log_for(clip), {.id = id, .overlay = true});
    };
    auto other = std::async(std::launch::async, phrase, "left-piste");
    const Answers mine = phrase("right-piste");
    for (const Answers& answers : {mine, other.get()}) {
      decisions.push_back(answers.decision);
      acks.push_back(1e3 * answers.slowest_ack);
    }
  }
  const double behind = percentile(decisions, 1);
  report("analysis", std::string(size.name) + " live, two phrases at once",
         {{"seconds", options.seconds},
          {"decision_s", percentile(decisions, .5)},
          {"latest_decision_s", behind},
          {"slowest_ack_ms", percentile(acks, 1)},
          {"keeps_up", behind < .5 ? 1 : 0}});
}

void run(const Options& options) {
  const Case original = real_or_rendered_case(options.files);
  for (const Size& size : kSizes) {
    const Case measured = resized(original, size.width, size.height, size.frame_bytes);
    measure_decoding(options, size, measured.clip);
    measure_stages(options, size, measured);
    measure_service(options, size, measured);
    measure_upload(options, size, measured);
    measure_live(options, size, measured);
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("Frames a second through decoder, networks, tracker and the whole service, with the accuracy");
  add_service_options(app, options.service);
  add_clip_options(app, options.files);
  app.add_option("--beside", options.beside, "another referee_service that takes turns in uploads")
      ->check(CLI::ExistingFile);
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  app.add_option("--frames", options.frames, "of a fast phrase")
      ->capture_default_str()
      ->check(CLI::Range(20, 100000));
  app.add_option("--seconds", options.seconds, "of a live phrase")
      ->capture_default_str()
      ->check(CLI::Range(1, 600));
  return piste::bench::run_program(app, argc, argv, [&] { piste::bench::run(options); });
}
