// bench_h264: what H.264 saves and what it costs, beside JPEG: bytes and processor time a frame, how near the
// pose chain comes to the keypoints, and how often the verdict from pixels is the one from keypoints. One
// JSON line a case on stdout, a table on stderr.
//
// Needs the clip of real fencers and the recorded phrases (../shared/data); leaves out what is not there.
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "coded_clip.h"
#include "drawn_phrases.h"
#include "pose_clip.h"
#include "program.h"
#include "report.h"
#include "support/temp_dir.h"
#include "video/reader.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;

struct Options {
  ClipFiles files;
  fs::path rows = PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz";
  fs::path models = PISTE_SOURCE_DIR "/models";
  std::size_t phrases = 12;
  std::vector<int> qualities{95, 85};
  std::vector<double> bits_per_pixel{0.1, 0.05, 0.02, 0.01};
};

// What one coding came to, over all clips.
struct Sum {
  Coding coding;
  double frames = 0;
  double bytes = 0;
  double seconds = 0;
  double encode_ms = 0;
  double decode_ms = 0;
  std::vector<double> pck;
  double both_found = 0;
  double agree = 0;  // phrases with the keypoints' winner

  void add(const CodedClip& coded, const Accuracy& accuracy) {
    const auto& clip = coded.clip();
    const auto count = static_cast<double>(clip.frames.size());
    frames += count;
    bytes += static_cast<double>(mean_bytes(clip)) * count;
    seconds += count / clip.fps;
    encode_ms += coded.encode_ms();
    decode_ms += coded.decode_ms();
    pck.push_back(accuracy.pck());
    both_found += accuracy.found();
  }

  Figures figures() const {
    return {
        {"bytes_per_frame", bytes / frames}, {"kbit_s", bytes * 8 / 1000 / seconds},
        {"encode_ms", encode_ms / frames},   {"decode_ms", decode_ms / frames},
        {"pck", percentile(pck, .5)},        {"both_found", both_found / static_cast<double>(pck.size())}};
  }
};

std::string bits_text(double bits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "h264 %g bit/pixel", bits);
  return text.data();
}

std::vector<Sum> codings(const Options& options) {
  std::vector<Sum> all;
  for (const int quality : options.qualities)
    all.push_back({.coding = {"jpeg " + std::to_string(quality), quality, 0}, .pck = {}});
  for (const double bits : options.bits_per_pixel)
    all.push_back({.coding = {bits_text(bits), 0, bits}, .pck = {}});
  return all;
}

// The clip's own pictures, decoded once for each coding.
void measure_clip(const Options& options) {
  const auto reference = must(read_reference(options.files.keypoints));
  const auto detector = must(pose::Detector::load(options.models / "movenet-multipose.onnx", {}));
  const auto single = must(pose::SinglePose::load(options.models / "movenet-thunder-int8.onnx", {}));
  for (Sum& sum : codings(options)) {
    const auto reader = must(video::Reader::open_file(options.files.clip));
    CodedClip coded(sum.coding, reader->info().width, reader->info().height, reader->info().fps);
    while (const auto frame = must(reader->next())) coded.add(frame->image, frame->time);
    const Chain chain = run_chain(coded.clip(), *detector, *single);
    sum.add(coded, compare(reference, keypoints_of(chain.tracks)));
    report("h264", options.files.clip.stem().string() + ", " + sum.coding.name, sum.figures());
  }
}

std::unique_ptr<recording::FrameLog> log_of(const Clip& clip, const fs::path& folder) {
  auto log = must(recording::FrameLog::create(folder / "frames.log", {clip.width, clip.height, clip.fps}));
  for (const auto& frame : clip.frames) must(log->append(frame));
  return log;
}

// Drawn once, for all codings.
void measure_phrase(pipeline::Engine& engine, const rows::Row& row, std::vector<Sum>& sums) {
  const auto renderer = renderer_of(row);
  std::vector<CodedClip> clips;
  for (const Sum& sum : sums) clips.emplace_back(sum.coding, film_width, film_height, renderer.options().fps);
  for (int i = 0; i < renderer.frames(); ++i) {
    const auto image = renderer.frame(i);
    for (CodedClip& clip : clips) clip.add(image, renderer.time(i));
  }
  const std::string expected(to_string(verdict_of_keypoints(row).winner));
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const test::TempDir folder;
    const auto judged = judge(engine, *log_of(clips[i].clip(), folder.path()), row, renderer);
    sums[i].add(clips[i], judged.accuracy);
    sums[i].agree += judged.winner == expected ? 1 : 0;
    report("h264", row.id + ", " + sums[i].coding.name,
           {{"bytes_per_frame", static_cast<double>(mean_bytes(clips[i].clip()))},
            {"pck", judged.accuracy.pck()},
            {"agree", judged.winner == expected ? 1 : 0},
            {"confidence", judged.confidence}});
  }
}

void measure_phrases(const Options& options) {
  const auto engine = engine_of(options.models);
  auto sums = codings(options);
  const auto phrases = drawable_rows(options.rows, options.phrases);
  for (const rows::Row& row : phrases) measure_phrase(*engine, row, sums);
  for (const Sum& sum : sums) {
    auto figures = sum.figures();
    figures.emplace_back("agree", sum.agree / static_cast<double>(phrases.size()));
    figures.emplace_back("phrases", static_cast<double>(phrases.size()));
    report("h264", "drawn phrases, " + sum.coding.name, figures);
  }
}

void run(const Options& options) {
  if (fs::exists(options.files.clip)) {
    measure_clip(options);
  } else {
    std::cerr << "SKIPPED: there is no clip " << options.files.clip.string() << "; --clip names one\n";
  }
  if (options.phrases == 0) return;
  if (fs::exists(options.rows)) {
    measure_phrases(options);
  } else {
    std::cerr << "SKIPPED: there are no recorded phrases in " << options.rows.string()
              << "; --rows names their file\n";
  }
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("Measures H.264 beside JPEG: bandwidth, processor time, accuracy of poses and verdicts");
  add_clip_options(app, options.files);
  app.add_option("--rows", options.rows, "recorded phrases")->capture_default_str();
  app.add_option("--models", options.models, "folder of the models")->capture_default_str();
  app.add_option("--phrases", options.phrases, "phrases that are drawn; 0: the clip only")
      ->capture_default_str()
      ->check(CLI::Range(0, 10000));
  app.add_option("--jpeg-quality", options.qualities, "JPEG qualities")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--bits-per-pixel", options.bits_per_pixel, "bandwidths of H.264")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 10.0));
  return piste::bench::run_program(app, argc, argv, [&] { piste::bench::run(options); });
}
