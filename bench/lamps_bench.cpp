// bench_lamps: lamps found in drawn pictures and in real clips, and what a picture costs. One JSON line a
// case on stdout, a table on stderr; what went wrong is named there too.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <ctime>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <set>

#include "lamp_scene.h"
#include "lamps/watch.h"
#include "pose_clip.h"
#include "program.h"
#include "report.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using types::Side;

constexpr double variant_seconds = 3;
constexpr int tolerance = 1;  // frames

struct Options {
  fs::path clips = PISTE_SOURCE_DIR "/../shared/data/clips";
  fs::path pictures;
  int variants = 200;
  int first = 0;
  double minutes = 3;
  bool marked = false;
  bool verbose = false;
  int threads = 2;
};

// Of this thread's processor time.
double thread_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

struct Lamp {
  Side side;
  bool valid;
  std::int64_t frame;
};

std::string text(const Lamp& lamp) {
  return std::string(to_string(lamp.side)) + (lamp.valid ? "" : " white") + "@" + std::to_string(lamp.frame);
}
template <class Lamps>
std::string text_of(const Lamps& lamps) {
  std::string out;
  for (const auto& lamp : lamps) out += (out.empty() ? "" : " ") + text({lamp.side, lamp.valid, lamp.frame});
  return out.empty() ? "none" : out;
}

struct Score {
  int lamps = 0;
  int found = 0;   // within one frame
  int others = 0;  // that are none
  double ms = 0;   // of processor time, watching
  int frames = 0;
  void add(const Score& other) {
    lamps += other.lamps;
    found += other.found;
    others += other.others;
    ms += other.ms;
    frames += other.frames;
  }
};

Score compare(const std::vector<Lamp>& truth, const std::vector<types::SeenLamp>& seen) {
  Score score;
  score.lamps = static_cast<int>(truth.size());
  std::vector<bool> used(seen.size(), false);
  for (const Lamp& lamp : truth) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (used[i] || seen[i].side != lamp.side || seen[i].valid != lamp.valid) continue;
      if (std::abs(seen[i].frame - lamp.frame) > tolerance) continue;
      used[i] = true;
      ++score.found;
      break;
    }
  }
  score.others = static_cast<int>(std::count(used.begin(), used.end(), false));
  return score;
}

// --- drawn ---

struct Told {
  Score score;
  std::string complaint;
};

Told watch_variant(const Options& options, std::uint64_t seed) {
  LampScene scene(seed, LampScene::Touches::yes, variant_seconds);
  lamps::Options asked{.fps = scene.fps()};
  if (options.marked) asked.places.box = scene.box();
  lamps::Watch watch(asked);
  boxes::Events events;
  double ms = 0;
  for (int i = 0; i < scene.frames(); ++i) {
    const types::Frame frame{i, i / scene.fps(), 1, scene.next()};
    const double begin = thread_milliseconds();
    watch.look(frame, events);
    ms += thread_milliseconds() - begin;
  }
  watch.finish(events);
  std::vector<Lamp> truth;
  for (const TrueLamp& lamp : scene.lamps())
    truth.push_back({lamp.side, lamp.state == boxes::LampState::valid, scene.onset(lamp)});
  const auto seen = watch.sightings();
  Told told{compare(truth, seen), {}};
  told.score.ms = ms;
  told.score.frames = scene.frames();
  if (told.score.found < told.score.lamps || told.score.others > 0 || options.verbose) {
    told.complaint = "variant " + std::to_string(seed) + " (" + scene.description() + "): lamps " +
                     text_of(truth) + ", found " + text_of(seen);
  }
  return told;
}

// A minute of fencing in which nobody hits.
Told watch_minute(std::uint64_t seed) {
  LampScene scene(seed, LampScene::Touches::no, 60);
  lamps::Watch watch({.fps = scene.fps()});
  boxes::Events events;
  for (int i = 0; i < scene.frames(); ++i) watch.look({i, i / scene.fps(), 1, scene.next()}, events);
  watch.finish(events);
  Told told;
  told.score.others = static_cast<int>(std::max(events.size(), watch.sightings().size()));
  told.score.frames = scene.frames();
  if (told.score.others > 0)
    told.complaint = "minute " + std::to_string(seed) + " (" + scene.description() + "): found " +
                     text_of(watch.sightings());
  return told;
}

template <class Watch>
Score run_all(int first, int count, int threads, Watch watch) {
  Score sum;
  for (int from = first; from < first + count; from += threads) {
    std::vector<std::future<Told>> running;
    for (int i = from; i < std::min(from + threads, first + count); ++i)
      running.push_back(std::async(std::launch::async, watch, static_cast<std::uint64_t>(i)));
    for (auto& one : running) {
      const Told told = one.get();
      sum.add(told.score);
      if (!told.complaint.empty()) std::cerr << told.complaint << std::endl;
    }
  }
  return sum;
}

void run_variants(const Options& options) {
  const Score score = run_all(options.first, options.variants, options.threads,
                              [&](std::uint64_t seed) { return watch_variant(options, seed); });
  report("lamps", options.marked ? "drawn variants, marked" : "drawn variants",
         {{"lamps", score.lamps},
          {"within_a_frame", score.found},
          {"percent", 100.0 * score.found / std::max(1, score.lamps)},
          {"others", score.others},
          {"cpu_ms_a_frame", score.ms / std::max(1, score.frames)}});
}

void run_minutes(const Options& options) {
  const int count = static_cast<int>(std::ceil(options.minutes));
  const Score score = run_all(100'000 + options.first, count, options.threads, watch_minute);
  report("lamps", "drawn fencing without hits", {{"minutes", count}, {"lamps_found", score.others}});
}

// --- real clips ---

json::value annotations(const fs::path& clips) {
  std::ifstream file(clips / "annotations.json");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return text.empty() ? json::value(json::object()) : json::parse(text);
}

std::vector<Lamp> annotated(const json::value& all, const std::string& clip) {
  // Seen by eye: the left one comes on within the exposure of 41, the right one with 42.
  if (clip == "clip_a.mp4") return {{Side::left, true, 41}, {Side::right, true, 42}};
  std::vector<Lamp> lamps;
  const auto* found = all.as_object().if_contains(clip);
  if (!found) return lamps;
  for (const auto& lamp : found->at("lamps").as_array()) {
    const Side side = lamp.at("side").as_string() == "left" ? Side::left : Side::right;
    lamps.push_back({side, true, lamp.at("frame").as_int64()});
  }
  return lamps;
}

void draw(const Options& options, const std::string& clip, const std::vector<types::SeenLamp>& seen) {
  if (options.pictures.empty()) return;
  std::set<std::int64_t> wanted;
  for (const auto& one : seen) wanted.insert({one.frame - 1, one.frame, one.frame + 1});
  auto reader = must(video::Reader::open_file(options.clips / clip));
  for (auto next = must(reader->next()); next; next = must(reader->next())) {
    if (!wanted.contains(next->number)) continue;
    cv::Mat picture(next->image.height, next->image.width, CV_8UC3, next->image.bgr.data());
    for (const auto& one : seen) {
      const cv::Rect place(static_cast<int>(one.area.x) - 3, static_cast<int>(one.area.y) - 3,
                           static_cast<int>(one.area.width) + 6, static_cast<int>(one.area.height) + 6);
      cv::rectangle(picture, place,
                    one.side == Side::left ? cv::Scalar(255, 0, 255) : cv::Scalar(255, 255, 0), 1);
    }
    const auto bytes = must(video::encode_jpeg(next->image, 90));
    std::ofstream(options.pictures / (clip + "_" + std::to_string(next->number) + ".jpg"), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
}

void run_clip(const Options& options, const json::value& all, const std::string& clip) {
  auto reader = must(video::Reader::open_file(options.clips / clip));
  lamps::Watch watch({.fps = reader->info().fps});
  boxes::Events events;
  double ms = 0;
  int frames = 0;
  for (auto next = must(reader->next()); next; next = must(reader->next()), ++frames) {
    const double begin = thread_milliseconds();
    watch.look(*next, events);
    ms += thread_milliseconds() - begin;
  }
  watch.finish(events);
  const auto seen = watch.sightings();
  const auto truth = annotated(all, clip);
  const Score score = compare(truth, seen);
  std::cerr << clip << ": lamps " << text_of(truth) << ", found " << text_of(seen);
  for (const auto& one : seen) std::cerr << " " << std::round(100 * one.sureness) << " %";
  std::cerr << ", elsewhere " << watch.elsewhere() << std::endl;
  report("lamps", clip,
         {{"lamps", score.lamps},
          {"within_a_frame", score.found},
          {"others", score.others},
          {"cpu_ms_a_frame", ms / std::max(1, frames)}});
  draw(options, clip, seen);
}

void run_clips(const Options& options) {
  const auto all = annotations(options.clips);
  std::vector<std::string> clips;
  for (const auto& entry : fs::directory_iterator(options.clips)) {
    const auto extension = entry.path().extension();
    if (extension == ".mp4" || extension == ".avi") clips.push_back(entry.path().filename().string());
  }
  std::sort(clips.begin(), clips.end());
  for (const auto& clip : clips) run_clip(options, all, clip);
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  Options options;
  CLI::App app("Lamps: found to the frame, and nowhere else.");
  app.add_option("--variants", options.variants, "Drawn variants");
  app.add_option("--first", options.first, "The first one's number");
  app.add_option("--minutes", options.minutes, "Of drawn fencing without hits; an hour: 60");
  app.add_flag("--marked", options.marked, "The variants' boxes are marked");
  app.add_option("--clips", options.clips, "Folder of real clips");
  app.add_option("--pictures", options.pictures, "Folder to draw what was found in real clips into");
  app.add_option("--threads", options.threads, "Variants at a time");
  app.add_flag("--verbose", options.verbose, "Names all variants");
  return run_program(app, argc, argv, [&] {
    if (std::filesystem::exists(options.clips)) run_clips(options);
    if (options.variants > 0) run_variants(options);
    if (options.minutes > 0) run_minutes(options);
  });
}
