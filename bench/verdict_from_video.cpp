#include "verdict_from_video.h"

#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <future>
#include <iostream>

#include "pipeline/engine.h"
#include "pose_clip.h"
#include "referee/decide.h"
#include "render/recorded.h"
#include "render/renderer.h"
#include "report.h"
#include "rows/line_file.h"
#include "scoring/log.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using types::Keypoints;

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr int kQuality = 85;
constexpr double kSure = .75;

std::vector<rows::Row> all_rows(const fs::path& path) {
  auto file = must(rows::LineFile::open(path.string()));
  std::vector<rows::Row> found;
  while (auto line = must(file.next())) {
    auto row = must(rows::parse_row(*line));
    const auto log = scoring::parse_log(row.signal);
    if (!row.tracks.left.points.empty() && log && log->phrase.touches.size() == 2)
      found.push_back(std::move(row));
  }
  return found;
}

std::vector<rows::Row> spread(std::vector<rows::Row> all, std::size_t wanted) {
  if (all.size() <= wanted) return all;
  std::vector<rows::Row> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(std::move(all[i * all.size() / wanted]));
  return chosen;
}

render::Renderer renderer_of(const rows::Row& row) {
  auto scene = must(render::scene_of(row));
  scene.phrase = must(scoring::parse_log(row.signal)).phrase;
  const std::uint64_t seed = std::hash<std::string>()(row.id) % 1000;  // another hall, other clothes
  return {std::move(scene), {.width = kWidth, .height = kHeight, .fps = row.tracks.fps, .seed = seed}};
}

// The drawn frames as a frame log in the cache.
std::unique_ptr<recording::FrameLog> film(const render::Renderer& renderer, const std::string& id,
                                          const fs::path& cache) {
  const fs::path path = cache / (id + "-" + std::to_string(kHeight) + ".frames");
  if (fs::exists(path)) return must(recording::FrameLog::open(path));
  const fs::path partial = cache / (id + "-" + std::to_string(getpid()) + ".part");
  {
    const auto log = must(recording::FrameLog::create(partial, {kWidth, kHeight, renderer.options().fps}));
    for (int i = 0; i < renderer.frames(); ++i) {
      auto jpeg = std::make_shared<const types::Bytes>(must(video::encode_jpeg(renderer.frame(i), kQuality)));
      must(log->append({i, renderer.time(i), types::Encoding::jpeg, kWidth, kHeight, std::move(jpeg)}));
    }
  }
  fs::rename(partial, path);
  return must(recording::FrameLog::open(path));
}

std::string analysed(pipeline::Engine& engine, const recording::FrameLog& log, const rows::Row& row,
                     const fs::path& directory) {
  pipeline::PhraseSettings settings;
  settings.id = row.id;
  settings.width = kWidth;
  settings.height = kHeight;
  settings.fps = row.tracks.fps;
  settings.include_keypoints = true;
  settings.save_overlay = false;
  settings.directory = directory;
  settings.started = std::chrono::steady_clock::now();
  std::promise<pipeline::Result<pipeline::Outcome>> outcome;
  auto phrase = engine.start(
      settings, log,
      {[](const pipeline::Progress&) {}, [&](auto result) { outcome.set_value(std::move(result)); }});
  for (std::size_t i = 0; i < log.size(); ++i) phrase->push(i, must(log.read(i)), std::nullopt);
  phrase->finish(row.signal, {});
  return must(outcome.get_future().get()).result_json;
}

// As the rows have them: of a pair of limbs the one that is further right comes first. A drawn fencer has no
// left and right that a person could tell.
Keypoints sorted_pairs(Keypoints keypoints) {
  for (std::size_t i = types::joint::left_eye; i + 1 < keypoints.size(); i += 2) {
    const bool known = keypoints[i].score > 0 && keypoints[i + 1].score > 0;
    if (known && keypoints[i].x < keypoints[i + 1].x) std::swap(keypoints[i], keypoints[i + 1]);
  }
  return keypoints;
}

std::vector<Fencers> sorted_pairs(std::vector<Fencers> frames) {
  for (Fencers& fencers : frames) fencers = {sorted_pairs(fencers.left), sorted_pairs(fencers.right)};
  return frames;
}

struct Compared {
  std::string id;
  types::Verdict keypoints;
  std::string pixels;  // winner
  double confidence = 0;
  Accuracy accuracy;

  bool agree() const { return pixels == to_string(keypoints.winner); }
};

Compared compare_one(pipeline::Engine& engine, const rows::Row& row, const fs::path& cache) {
  const auto renderer = renderer_of(row);
  const auto log = film(renderer, row.id, cache);
  const fs::path directory = cache / ("result-" + std::to_string(getpid()));
  fs::create_directories(directory);
  const std::string result = analysed(engine, *log, row, directory);
  fs::remove_all(directory);
  Reference reference;
  for (int i = 0; i < renderer.frames(); ++i) reference.frames.push_back(renderer.truth(i));
  reference.frames = sorted_pairs(std::move(reference.frames));
  reference.last_reliable = reference.frames.size();
  const json::value parsed = json::parse(result);
  return {row.id, referee::decide(row.tracks, must(scoring::parse_log(row.signal)).phrase),
          std::string(parsed.at("winner").as_string()),
          parsed.at("decision").at("confidence").to_number<double>(),
          compare(reference, sorted_pairs(keypoints_in(result)))};
}

void print(const Compared& one) {
  const json::object line{{"bench", "verdict"},
                          {"case", "from video: " + one.id},
                          {"keypoints", to_string(one.keypoints.winner)},
                          {"keypoints_confidence", one.keypoints.confidence},
                          {"pixels", one.pixels},
                          {"pixels_confidence", one.confidence},
                          {"agree", one.agree()},
                          {"pck", one.accuracy.pck()},
                          {"both_found", one.accuracy.found()}};
  std::cout << json::serialize(line) << std::endl;
  std::fprintf(stderr, "%-32s %-6s %.2f  %-6s %.2f  %s  pck %.3f  both %.3f\n", one.id.c_str(),
               std::string(to_string(one.keypoints.winner)).c_str(), one.keypoints.confidence,
               one.pixels.c_str(), one.confidence, one.agree() ? "    " : "DIFF", one.accuracy.pck(),
               one.accuracy.found());
}

void report_all(const std::vector<Compared>& all) {
  std::vector<double> pck;
  std::vector<double> found;
  double agree = 0;
  double sure = 0;
  double sure_agree = 0;
  for (const Compared& one : all) {
    pck.push_back(one.accuracy.pck());
    found.push_back(one.accuracy.found());
    agree += one.agree() ? 1 : 0;
    const bool is_sure = one.keypoints.confidence > kSure;
    sure += is_sure ? 1 : 0;
    sure_agree += is_sure && one.agree() ? 1 : 0;
  }
  const double count = static_cast<double>(all.size());
  report("verdict", "from video: all",
         {{"phrases", count},
          {"agree", count > 0 ? agree / count : 0},
          {"sure", sure},
          {"agree_when_sure", sure > 0 ? sure_agree / sure : 0},
          {"pck_median", percentile(pck, .5)},
          {"pck_least", percentile(pck, 0)},
          {"both_found_median", percentile(found, .5)},
          {"both_found_least", percentile(found, 0)}});
}

}  // namespace

void measure_from_video(const FromVideo& options) {
  fs::create_directories(options.cache);
  pipeline::EngineOptions engine_options;
  engine_options.detector_model = options.models / "movenet-multipose.onnx";
  engine_options.pose_model = options.models / "movenet-thunder-int8.onnx";
  const auto engine = must(pipeline::make_engine(engine_options));
  std::vector<Compared> all;
  for (const rows::Row& row : spread(all_rows(options.rows), options.phrases)) {
    all.push_back(compare_one(*engine, row, options.cache));
    print(all.back());
  }
  report_all(all);
}

}  // namespace piste::bench
