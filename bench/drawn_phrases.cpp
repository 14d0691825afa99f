#include "drawn_phrases.h"

#include <boost/json.hpp>
#include <future>

#include "pose_clip.h"
#include "referee/decide.h"
#include "render/recorded.h"
#include "rows/line_file.h"
#include "scoring/log.h"
#include "support/temp_dir.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using types::Keypoints;

constexpr int quality = 85;

std::string analysed(pipeline::Engine& engine, const recording::FrameLog& log, const rows::Row& row) {
  const test::TempDir artifacts;
  pipeline::PhraseSettings settings;
  settings.id = row.id;
  settings.width = film_width;
  settings.height = film_height;
  settings.fps = row.tracks.fps;
  settings.include_keypoints = true;
  settings.save_overlay = false;
  settings.directory = artifacts.path();
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

}  // namespace

std::vector<rows::Row> drawable_rows(const fs::path& path, std::size_t wanted) {
  auto all = all_rows(path);
  if (all.size() <= wanted) return all;
  std::vector<rows::Row> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(std::move(all[i * all.size() / wanted]));
  return chosen;
}

render::Renderer renderer_of(const rows::Row& row, const render::CameraWork& camera,
                             const render::CompanyOptions& company) {
  auto scene = must(render::scene_of(row));
  scene.phrase = must(scoring::parse_log(row.signal)).phrase;
  const std::uint64_t seed = std::hash<std::string>()(row.id) % 1000;  // another hall, other clothes
  return {std::move(scene),
          {.width = film_width,
           .height = film_height,
           .fps = row.tracks.fps,
           .seed = seed,
           .camera = camera,
           .company = company}};
}

types::Verdict verdict_of_keypoints(const rows::Row& row) {
  return referee::decide(row.tracks, must(scoring::parse_log(row.signal)).phrase);
}

std::unique_ptr<pipeline::Engine> engine_of(const fs::path& models) {
  pipeline::EngineOptions options;
  options.detector_model = models / "movenet-multipose.onnx";
  options.pose_model = models / "movenet-thunder-int8.onnx";
  return must(pipeline::make_engine(options));
}

FromPixels judge(pipeline::Engine& engine, const recording::FrameLog& log, const rows::Row& row,
                 const render::Renderer& renderer) {
  const std::string result = analysed(engine, log, row);
  Reference reference;
  for (int i = 0; i < renderer.frames(); ++i) reference.frames.push_back(renderer.truth(i));
  reference.frames = sorted_pairs(std::move(reference.frames));
  reference.last_reliable = reference.frames.size();
  const json::value parsed = json::parse(result);
  const json::value& decision = parsed.at("decision");
  return {std::string(parsed.at("winner").as_string()), decision.at("confidence").to_number<double>(),
          decision.at("review").as_bool(), compare(reference, sorted_pairs(keypoints_in(result))), result};
}

std::unique_ptr<recording::FrameLog> filmed(const render::Renderer& renderer, const fs::path& path) {
  auto log = must(recording::FrameLog::create(path, {film_width, film_height, renderer.options().fps}));
  for (int i = 0; i < renderer.frames(); ++i) {
    auto jpeg = std::make_shared<const types::Bytes>(must(video::encode_jpeg(renderer.frame(i), quality)));
    must(log->append({i, renderer.time(i), types::Encoding::jpeg, film_width, film_height, std::move(jpeg)}));
  }
  return log;
}

FromPixels judge(pipeline::Engine& engine, const rows::Row& row, const render::Renderer& renderer) {
  const test::TempDir folder;
  return judge(engine, *filmed(renderer, folder.path() / "frames.log"), row, renderer);
}

}  // namespace piste::bench
