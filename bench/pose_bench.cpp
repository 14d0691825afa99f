// bench_pose: how well and how fast poses are found. One JSON line a case on stdout, a table on stderr.
//
// Accuracy is that of the whole chain (detector, crops, tracker) on a clip with reference keypoints. Times
// are wall times; cpu_ms is what a core spends, which says more on a machine that others use too.
#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <iostream>
#include <numeric>

#include "pose_clip.h"
#include "pose_pictures.h"
#include "program.h"
#include "report.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

constexpr std::size_t kPictureStep = 4;  // frames from one picture to the next

struct Options {
  std::filesystem::path models = PISTE_SOURCE_DIR "/models";
  ClipFiles files;
  std::filesystem::path fp32;      // unquantised models, to compare
  std::filesystem::path pictures;  // folder to draw into
  int runs = 5;
  int inferences = 50;
};

// --- inference alone ---

void time_inference(const std::string& name, int count, const std::function<void()>& infer) {
  infer();
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < count; ++i) {
    const double cpu_start = cpu_milliseconds();
    const auto start = std::chrono::steady_clock::now();
    infer();
    wall.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    cpu.push_back(cpu_milliseconds() - cpu_start);
  }
  report("pose", name,
         {{"median_ms", percentile(wall, 0.5)},
          {"best_ms", percentile(wall, 0)},
          {"cpu_ms", percentile(cpu, 0.5)},
          {"best_cpu_ms", percentile(cpu, 0)}});
}

void time_single(const std::string& model, const pose::SinglePose& single, const types::Frame& frame,
                 int count) {
  const types::BoundingBox crop{200, 230, 470, 500};
  const auto infer = [&] { must(single.estimate(frame, crop)); };
  time_inference(model + ": one crop, 1 thread", count, infer);
  time_inference(model + ": two crops beside each other", count, [&] {
    auto other = std::async(std::launch::async, infer);
    infer();
    other.get();
  });
}

void time_detector(const std::string& model, const pose::Detector& detector, const types::Frame& frame,
                   int count) {
  time_inference("multipose beside " + model + ": whole frame, 1 thread", count,
                 [&] { must(detector.detect(frame)); });
}

// --- the whole chain ---

struct Models {
  std::string name;
  std::unique_ptr<pose::SinglePose> single;
  std::unique_ptr<pose::Detector> detector;
};

Models load(const std::filesystem::path& single, const std::filesystem::path& detector) {
  return {single.stem().string(), must(pose::SinglePose::load(single, {})),
          must(pose::Detector::load(detector, {}))};
}

void measure_chain(const Options& options, const Case& measured, const Models& models) {
  std::vector<double> frame_times;
  std::vector<double> rates;
  std::vector<double> cpu;
  Chain chain;
  const auto frames = static_cast<double>(measured.clip.frames.size());
  for (int run = 0; run < options.runs; ++run) {
    chain = run_chain(measured.clip, *models.detector, *models.single);
    rates.push_back(1e3 * frames / std::accumulate(chain.frame_times.begin(), chain.frame_times.end(), 0.0));
    cpu.push_back(chain.cpu_time / frames);
    frame_times.insert(frame_times.end(), chain.frame_times.begin(), chain.frame_times.end());
  }
  const Accuracy accuracy = compare(measured.reference, keypoints_of(chain.tracks));
  const std::string name = measured.name + ", " + models.name;
  report("pose", name + ": accuracy",
         {{"frames", static_cast<double>(accuracy.frames)},
          {"both_found", accuracy.found()},
          {"pck", accuracy.pck()},
          {"mean_error_px", accuracy.mean_error()}});
  report("pose", name + ": chain",
         {{"frames_per_s", percentile(rates, 0.5)},
          {"best_frames_per_s", percentile(rates, 1)},
          {"median_ms", percentile(frame_times, 0.5)},
          {"p95_ms", percentile(frame_times, 0.95)},
          {"cpu_ms", percentile(cpu, 0.5)}});
  if (options.pictures.empty()) return;
  draw_pictures(options.pictures / name, measured.clip, chain.tracks, measured.reference, kPictureStep);
}

void run(const Options& options) {
  std::vector<Case> cases;
  if (std::filesystem::exists(options.files.clip)) {
    cases.push_back(real_case(options.files));
  } else {
    std::cerr << "no clip " << options.files.clip.string() << ": only the rendered phrase is measured\n";
  }
  cases.push_back(rendered_case(options.files));
  std::vector<Models> models;
  models.push_back(
      load(options.models / "movenet-thunder-int8.onnx", options.models / "movenet-multipose.onnx"));
  if (!options.fp32.empty()) {
    models.push_back(
        load(options.fp32 / "movenet-thunder-fp32.onnx", options.fp32 / "movenet-multipose-fp32.onnx"));
  }
  const Clip& first = cases.front().clip;
  const types::Frame frame{0, 0, 1, must(video::decode(first.frames.front()))};
  for (const Models& each : models) {
    time_single(each.name, *each.single, frame, options.inferences);
    time_detector(each.name, *each.detector, frame, options.inferences);
  }
  for (const Case& each : cases) {
    for (const Models& with : models) measure_chain(options, each, with);
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("Measures pose estimation: accuracy on a clip, time of an inference, frames/s of the chain");
  app.add_option("--models", options.models, "folder of the models")->capture_default_str();
  add_clip_options(app, options.files);
  app.add_option("--motion", options.files.motion, "phrase to render")->capture_default_str();
  app.add_option("--fp32", options.fp32,
                 "folder of unquantised models to compare with (tools/models/make_models)");
  app.add_option("--pictures", options.pictures, "folder for pictures with the skeletons drawn");
  app.add_option("--runs", options.runs, "runs of the chain over the clip")->check(CLI::Range(1, 1000));
  app.add_option("--inferences", options.inferences, "runs of each model")->check(CLI::Range(1, 100000));
  return piste::bench::run_program(app, argc, argv, [&] { piste::bench::run(options); });
}
