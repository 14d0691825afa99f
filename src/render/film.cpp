#include "render/film.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <memory>
#include <utility>

#include "base/pending_file.h"
#include "video/codec.h"
#include "video/writer.h"

namespace piste::render {
namespace {

namespace json = boost::json;

Error from_video(const video::Error& error) {
  return {ErrorCode::io, error.message};
}

// x264's scale, on which 18 cannot be told from the original and 51 is mud: 100 -> 13, 90 -> 17, 50 -> 32, 1
// -> 51.
int constant_rate_factor(int quality) {
  return std::clamp(13 + (100 - quality) * 39 / 100, 13, 51);
}

Result<base::Done> write_mp4(const Renderer& renderer, const std::filesystem::path& path, int quality,
                             const std::function<void(int)>& after_frame) {
  const RenderOptions& options = renderer.options();
  auto writer = video::H264Writer::create(path, options.width, options.height, options.fps,
                                          {.quality = constant_rate_factor(quality), .threads = 2});
  if (!writer) return from_video(writer.error());
  for (int i = 0; i < renderer.frames(); ++i) {
    const auto written = (*writer)->write(renderer.frame(i), renderer.time(i));
    if (!written) return from_video(written.error());
    if (after_frame) after_frame(i + 1);
  }
  const auto finished = (*writer)->finish();
  if (!finished) return from_video(finished.error());
  return base::Done{};
}

Result<base::Done> write_mkv(const Renderer& renderer, const std::filesystem::path& path, int quality,
                             const std::function<void(int)>& after_frame) {
  const RenderOptions& options = renderer.options();
  auto writer = video::RebuiltVideoWriter::create(path, types::Encoding::jpeg, options.width, options.height,
                                                  options.fps);
  if (!writer) return from_video(writer.error());
  for (int i = 0; i < renderer.frames(); ++i) {
    auto jpeg = video::encode_jpeg(renderer.frame(i), quality);
    if (!jpeg) return from_video(jpeg.error());
    types::EncodedFrame frame{i,
                              renderer.time(i),
                              types::Encoding::jpeg,
                              options.width,
                              options.height,
                              std::make_shared<const types::Bytes>(std::move(*jpeg))};
    const auto written = (*writer)->write(frame, renderer.time(i));
    if (!written) return from_video(written.error());
    if (after_frame) after_frame(i + 1);
  }
  const auto finished = (*writer)->finish();
  if (!finished) return from_video(finished.error());
  return base::Done{};
}

// Hundredths of a pixel say all there is to say.
double rounded(double value) {
  return std::round(value * 100) / 100;
}

json::array points(const types::Keypoints& keypoints) {
  json::array result;
  for (const types::Keypoint& point : keypoints)
    result.push_back(json::array{rounded(point.x), rounded(point.y)});
  return result;
}

json::object event(const Renderer& renderer, double time) {
  const int last = renderer.frames() - 1;
  const int frame = static_cast<int>(std::lround(time * renderer.options().fps));
  return {{"at", time}, {"frame", std::clamp(frame, 0, last)}};
}

json::array views(const Renderer& renderer) {
  json::array all;
  for (int i = 0; i < renderer.frames(); ++i) {
    const types::View view = renderer.camera(i);
    all.push_back(json::array{view.zoom(), view.roll(), view.x, view.y});
  }
  return all;
}

// Who they are, and where in each frame.
json::array others(const Renderer& renderer) {
  json::array all;
  for (const auto& [role, keypoints] : renderer.others(0))
    all.push_back(json::object{{"who", to_string(role)}, {"keypoints", json::array{}}});
  for (int i = 0; i < renderer.frames(); ++i) {
    const auto now = renderer.others(i);
    for (std::size_t j = 0; j < now.size(); ++j)
      all[j].as_object()["keypoints"].as_array().push_back(points(now[j].keypoints));
  }
  return all;
}

}  // namespace

Result<base::Done> write_film(const Renderer& renderer, const std::filesystem::path& path, int quality,
                              const std::function<void(int)>& after_frame) {
  if (quality < 1 || quality > 100) return Error{ErrorCode::options, "quality must be 1 to 100"};
  if (path.extension() == ".mp4") return write_mp4(renderer, path, quality, after_frame);
  if (path.extension() == ".mkv") return write_mkv(renderer, path, quality, after_frame);
  return Error{ErrorCode::options, "the video's name must end in .mp4 (H.264) or .mkv (JPEG pictures)"};
}

std::string truth_json(const Renderer& renderer) {
  const Scene& scene = renderer.scene();
  const RenderOptions& options = renderer.options();
  json::array hits;
  for (const types::Touch& touch : scene.phrase.touches) {
    json::object hit = event(renderer, touch.time);
    hit["by"] = types::to_string(touch.scorer);
    hits.push_back(std::move(hit));
  }
  json::array contacts;
  for (const double contact : scene.phrase.blade_contacts) contacts.push_back(event(renderer, contact));
  json::array keypoints;
  for (int i = 0; i < renderer.frames(); ++i) {
    const auto truth = renderer.truth(i);
    keypoints.push_back(json::array{points(truth.left), points(truth.right)});
  }
  json::object root{{"id", scene.id},
                    {"width", options.width},
                    {"height", options.height},
                    {"fps", options.fps},
                    {"frames", renderer.frames()},
                    {"order", "frames x [left fencer, right fencer] x 17 COCO keypoints x [x, y] in pixels"},
                    {"hits", std::move(hits)},
                    {"blade_contacts", std::move(contacts)}};
  if (scene.verdict) root["verdict"] = types::to_string(*scene.verdict);
  root["keypoints"] = std::move(keypoints);
  if (options.camera.moves()) root["camera"] = views(renderer);
  if (options.company.any()) root["others"] = others(renderer);
  return json::serialize(root) + "\n";
}

Result<base::Done> write_text(const std::filesystem::path& path, std::string_view text) {
  base::PendingFile pending(path);
  std::ofstream file(pending.path(), std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file || pending.commit()) {
    return Error{ErrorCode::io, path.filename().string() + " cannot be written"};
  }
  return base::Done{};
}

}  // namespace piste::render
