// bench_rebuild: how long the received frames take to become a video, and whether every frame is in it bit
// for bit. One JSON line a case on stdout, a table on stderr. Beside it, in the same run, the time that a
// plain copy of the frame log takes.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include "ingest_pictures.h"
#include "ingest_process.h"
#include "pipeline/footage.h"
#include "pose_clip.h"
#include "program.h"
#include "report.h"

namespace piste::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDistinctFrames = 8;
constexpr double kFps = 30;

struct Options {
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
  int frames = 1800;
  int runs = 5;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::unique_ptr<recording::FrameLog> record(const std::filesystem::path& path, const Picture& picture,
                                            const std::vector<types::Bytes>& frames, int count) {
  auto log = must(recording::FrameLog::create(path, {picture.width, picture.height, kFps}));
  for (int i = 0; i < count; ++i) {
    auto bytes = std::make_shared<const types::Bytes>(frames[static_cast<std::size_t>(i) % frames.size()]);
    must(log->append({i, i / kFps, picture.encoding, picture.width, picture.height, std::move(bytes)}));
  }
  return log;
}

// How many of the frames are in the video as they were received, in their order.
std::size_t frames_in(const std::filesystem::path& video, const std::vector<types::Bytes>& frames,
                      int count) {
  std::ifstream file(video, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::size_t found = 0;
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    const types::Bytes& frame = frames[static_cast<std::size_t>(i) % frames.size()];
    at = bytes.find({reinterpret_cast<const char*>(frame.data()), frame.size()}, at);
    if (at == bytes.npos) break;
    at += frame.size();
    ++found;
  }
  return found;
}

double copy_seconds(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto start = Clock::now();
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  std::vector<char> piece(1 << 20);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
    out.write(piece.data(), in.gcount());
  out.close();
  return seconds_since(start);
}

void measure(const Options& options, const Picture& picture) {
  const ScratchDirectory scratch(options.scratch);
  const auto frames = make_frames(picture, kDistinctFrames);
  const auto log_path = scratch.path() / "frames.log";
  const auto log = record(log_path, picture, frames, options.frames);
  const pipeline::Moments moments(*log, {.fps = kFps});
  const pipeline::StreamedFootage footage(*log, moments, nullptr);
  std::vector<double> times;
  std::vector<double> cpu;
  std::vector<double> copies;
  std::size_t exact = static_cast<std::size_t>(options.frames);
  for (int run = 0; run < options.runs; ++run) {
    const double cpu_start = cpu_milliseconds();
    const auto start = Clock::now();
    const std::string name = must(footage.keep_video(scratch.path(), [](double) {})).name;
    times.push_back(seconds_since(start));
    cpu.push_back((cpu_milliseconds() - cpu_start) / 1e3);
    exact = std::min(exact, frames_in(scratch.path() / name, frames, options.frames));
    std::filesystem::remove(scratch.path() / name);
    copies.push_back(copy_seconds(log_path, scratch.path() / "copy"));
    std::filesystem::remove(scratch.path() / "copy");
  }
  report("rebuild", picture.name,
         {{"frames", static_cast<double>(options.frames)},
          {"frame_bytes", static_cast<double>(frames.front().size())},
          {"seconds", percentile(times, .5)},
          {"best_s", percentile(times, 0)},
          {"cpu_s", percentile(cpu, .5)},
          {"copy_s", percentile(copies, .5)},
          {"exact_frames", static_cast<double>(exact)}});
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  Options options;
  std::vector<std::string> pictures{"jpeg1080", "jpeg720"};
  CLI::App app("How long the received frames take to become a video, bit for bit");
  app.add_option("--scratch", options.scratch, "where the frames are written, and removed again")
      ->check(CLI::ExistingDirectory);
  app.add_option("--pictures", pictures, "jpeg1080, jpeg720, raw720")->delimiter(',');
  app.add_option("--frames", options.frames, "of the phrase")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  return run_program(app, argc, argv, [&] {
    for (const Picture& picture : all_pictures()) {
      if (std::find(pictures.begin(), pictures.end(), picture.name) != pictures.end())
        measure(options, picture);
    }
  });
}
