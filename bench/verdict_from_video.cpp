#include "verdict_from_video.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "base/json_text.h"
#include "drawn_phrases.h"
#include "pose_clip.h"
#include "report.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int kQuality = 85;
constexpr double kSure = .75;

// The drawn frames as a frame log in the cache.
std::unique_ptr<recording::FrameLog> film(const render::Renderer& renderer, const std::string& id,
                                          const fs::path& cache) {
  const fs::path path = cache / (id + "-" + std::to_string(film_height) + ".frames");
  if (fs::exists(path)) return must(recording::FrameLog::open(path));
  const fs::path partial = cache / (id + "-" + std::to_string(getpid()) + ".part");
  {
    const auto log =
        must(recording::FrameLog::create(partial, {film_width, film_height, renderer.options().fps}));
    for (int i = 0; i < renderer.frames(); ++i) {
      auto jpeg = std::make_shared<const types::Bytes>(must(video::encode_jpeg(renderer.frame(i), kQuality)));
      must(log->append(
          {i, renderer.time(i), types::Encoding::jpeg, film_width, film_height, std::move(jpeg)}));
    }
  }
  fs::rename(partial, path);
  return must(recording::FrameLog::open(path));
}

struct Compared {
  std::string id;
  types::Verdict keypoints;
  FromPixels pixels;

  bool agree() const { return pixels.winner == to_string(keypoints.winner); }
};

Compared compare_one(pipeline::Engine& engine, const rows::Row& row, const fs::path& cache) {
  const auto renderer = renderer_of(row);
  const auto log = film(renderer, row.id, cache);
  return {row.id, verdict_of_keypoints(row), judge(engine, *log, row, renderer)};
}

void print(const Compared& one) {
  const json::object line{{"bench", "verdict"},
                          {"case", "from video: " + one.id},
                          {"keypoints", to_string(one.keypoints.winner)},
                          {"keypoints_confidence", one.keypoints.confidence},
                          {"pixels", one.pixels.winner},
                          {"pixels_confidence", one.pixels.confidence},
                          {"agree", one.agree()},
                          {"pck", one.pixels.accuracy.pck()},
                          {"both_found", one.pixels.accuracy.found()}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%-32s %-6s %.2f  %-6s %.2f  %s  pck %.3f  both %.3f\n", one.id.c_str(),
               std::string(to_string(one.keypoints.winner)).c_str(), one.keypoints.confidence,
               one.pixels.winner.c_str(), one.pixels.confidence, one.agree() ? "    " : "DIFF",
               one.pixels.accuracy.pck(), one.pixels.accuracy.found());
}

void report_all(const std::vector<Compared>& all) {
  std::vector<double> pck;
  std::vector<double> found;
  double agree = 0;
  double sure = 0;
  double sure_agree = 0;
  for (const Compared& one : all) {
    pck.push_back(one.pixels.accuracy.pck());
    found.push_back(one.pixels.accuracy.found());
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
  const auto engine = engine_of(options.models);
  std::vector<Compared> all;
  for (const rows::Row& row : drawable_rows(options.rows, options.phrases)) {
    all.push_back(compare_one(*engine, row, options.cache));
    print(all.back());
  }
  report_all(all);
}

}  // namespace piste::bench
