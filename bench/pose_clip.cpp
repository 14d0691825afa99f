#include "pose_clip.h"

#include <iostream>
#include <opencv2/imgproc.hpp>

#include "render/motion.h"
#include "render/renderer.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::bench {
namespace {

constexpr int kJpegQuality = 90;
constexpr int kLeastQuality = 50;
constexpr int kBestQuality = 98;
constexpr int kQualityStep = 4;

void append(Clip& clip, const types::Image& image, double time, int quality) {
  auto jpeg = std::make_shared<types::Bytes>(must(video::encode_jpeg(image, quality)));
  const auto number = static_cast<std::int64_t>(clip.frames.size());
  clip.frames.push_back({number, time, types::Encoding::jpeg, image.width, image.height, std::move(jpeg)});
  clip.times.push_back(time);
}

types::Image scaled(const types::Image& image, int width, int height) {
  types::Image result{width, height,
                      types::Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  const cv::Mat from(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data()));
  cv::Mat to(height, width, CV_8UC3, result.bgr.data());
  cv::resize(from, to, to.size(), 0, 0, cv::INTER_CUBIC);
  return result;
}

int quality_for(const types::Image& image, std::size_t bytes) {
  int quality = kLeastQuality;
  while (quality < kBestQuality && must(video::encode_jpeg(image, quality)).size() < bytes)
    quality += kQualityStep;
  return quality;
}

}  // namespace

void add_clip_options(CLI::App& app, ClipFiles& files) {
  app.add_option("--clip", files.clip, "video of two fencers")->capture_default_str();
  app.add_option("--keypoints", files.keypoints, "reference keypoints of the clip, JSON")
      ->capture_default_str();
}

Case real_case(const ClipFiles& files) {
  const auto reader = must(video::Reader::open_file(files.clip));
  Case real{files.clip.stem().string(), {}, must(read_reference(files.keypoints))};
  real.clip = {reader->info().width, reader->info().height, reader->info().fps, {}, {}};
  while (const auto frame = must(reader->next())) append(real.clip, frame->image, frame->time, kJpegQuality);
  if (real.clip.frames.empty()) throw std::runtime_error("the clip has no frame");
  return real;
}

Case rendered_case(const ClipFiles& files) {
  const render::Renderer renderer(must(render::load_motion(files.motion)), {});
  Case rendered{"rendered " + files.motion.stem().string(), {}, {}};
  rendered.clip = {renderer.options().width, renderer.options().height, renderer.options().fps, {}, {}};
  for (int i = 0; i < renderer.frames(); ++i) {
    append(rendered.clip, renderer.frame(i), renderer.time(i), kJpegQuality);
    rendered.reference.frames.push_back(renderer.truth(i));
  }
  rendered.reference.last_reliable = rendered.reference.frames.size();
  return rendered;
}

Case real_or_rendered_case(const ClipFiles& files) {
  if (std::filesystem::exists(files.clip)) return real_case(files);
  std::cerr << "no clip " << files.clip.string() << ": a rendered phrase is measured\n";
  return rendered_case(files);
}

Case resized(const Case& original, int width, int height, std::size_t frame_bytes) {
  Case result{original.name, {width, height, original.clip.fps, {}, {}}, original.reference};
  int quality = 0;
  for (std::size_t i = 0; i < original.clip.frames.size(); ++i) {
    const auto image = scaled(must(video::decode(original.clip.frames[i])), width, height);
    if (quality == 0) quality = quality_for(image, frame_bytes);
    append(result.clip, image, original.clip.times[i], quality);
  }
  const auto x = static_cast<float>(width) / static_cast<float>(original.clip.width);
  const auto y = static_cast<float>(height) / static_cast<float>(original.clip.height);
  for (Fencers& fencers : result.reference.frames) {
    for (const types::Side side : types::both_sides) {
      for (types::Keypoint& point : fencers[side]) point = {point.x * x, point.y * y, point.score};
    }
  }
  return result;
}

Clip to_and_fro(const Clip& clip, std::size_t frames) {
  Clip result{clip.width, clip.height, clip.fps, {}, {}};
  const std::size_t last = clip.frames.size() - 1;
  for (std::size_t i = 0; i < frames; ++i) {
    const std::size_t at = last == 0 ? 0 : i % (2 * last);
    types::EncodedFrame frame = clip.frames[at <= last ? at : 2 * last - at];
    frame.number = static_cast<std::int64_t>(i);
    frame.timestamp = static_cast<double>(i) / clip.fps;
    result.times.push_back(*frame.timestamp);
    result.frames.push_back(std::move(frame));
  }
  return result;
}

std::size_t mean_bytes(const Clip& clip) {
  std::size_t sum = 0;
  for (const auto& frame : clip.frames) sum += frame.bytes->size();
  return clip.frames.empty() ? 0 : sum / clip.frames.size();
}

}  // namespace piste::bench
