#include "eyes_clips.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "annotated_clip.h"
#include "pipeline/analyser.h"
#include "pose_clip.h"
#include "pose_pictures.h"
#include "remembered_poses.h"
#include "report.h"
#include "shown_clip.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

// As a person taps them who sees the first annotated frame.
types::Marks tapped(const AnnotatedClip& clip) {
  for (const auto& [number, marks] : clip.frames) {
    if (!marks.left || !marks.right) continue;
    return {{}, types::fencers_at({{marks.left->x, marks.left->y}, {marks.right->x, marks.right->y}})};
  }
  return {};
}

types::Tracks look_at(ShownClip& shown, const pipeline::Models& models, const types::Marks& marks) {
  pipeline::Workers workers(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  pipeline::Analyser analyser(
      models, workers, {shown.width(), shown.height(), shown.fps(), 0.33, models.detector->precise(), marks},
      types::nowhere);
  while (auto frame = shown.next()) analyser.add(std::make_shared<const types::Frame>(std::move(*frame)));
  return analyser.finish(analyser.motion());
}

// All clips, each in one or more ways.
class Clips {
 public:
  explicit Clips(const EyesClips& options)
      : options_(options),
        models_{must(pose::Detector::load(options.models / "movenet-multipose.onnx", {})),
                must(pose::SinglePose::load(options.models / "movenet-thunder-int8.onnx", {}))} {}

  Found measure(const AnnotatedClip& clip, const Showing& showing) const;

 private:
  void draw(const AnnotatedClip& clip, const Showing& showing, const types::Tracks& tracks) const;

  const EyesClips& options_;
  const pipeline::Models models_;
};

std::string stem_of(const AnnotatedClip& clip, const Showing& showing) {
  const auto stem = std::filesystem::path(clip.name).stem().string();
  return showing.as_it_is() ? stem : stem + "_" + showing.name;
}

Found Clips::measure(const AnnotatedClip& clip, const Showing& showing) const {
  ShownClip shown(options_.folder / clip.name, clip, showing);
  const AnnotatedClip annotated = shown.annotated();
  const auto marks = options_.tapped ? tapped(annotated) : types::Marks{};
  const auto tracks =
      options_.cache.empty()
          ? look_at(shown, models_, marks)
          : look_at(shown, remembering(models_, options_.cache / stem_of(clip, showing)), marks);
  if (!options_.pictures.empty()) draw(clip, showing, tracks);
  return compare(tracks, annotated);
}

void Clips::draw(const AnnotatedClip& clip, const Showing& showing, const types::Tracks& tracks) const {
  ShownClip shown(options_.folder / clip.name, clip, showing);
  const auto every = static_cast<std::size_t>(options_.every);
  Clip pictures{shown.width(), shown.height(), shown.fps(), {}, {}};
  for (std::size_t i = 0; const auto frame = shown.next(); ++i) {
    types::EncodedFrame& encoded = pictures.frames.emplace_back();
    if (i % every != 0) continue;
    auto jpeg = std::make_shared<types::Bytes>(must(video::encode_jpeg(frame->image, 90)));
    encoded = {frame->number,      frame->time,         types::Encoding::jpeg,
               frame->image.width, frame->image.height, std::move(jpeg)};
  }
  draw_pictures(options_.pictures / shown.annotated().name, pictures, tracks,
                reference_of(shown.annotated(), pictures.frames.size()), every);
}

void report_with_doubt(const std::string& name, const Found& found) {
  report(name, found);
  report("eyes", name + ": doubt",
         {{"of_right", found.doubt_right / std::max(1, found.right)},
          {"of_wrong", found.doubt_wrong / std::max(1, found.wrong)}});
}

bool wanted(const EyesClips& options, const AnnotatedClip& clip) {
  const auto stem = std::filesystem::path(clip.name).stem().string();
  return options.only.empty() || std::ranges::find(options.only, stem) != options.only.end();
}

}  // namespace

void measure_clips(const EyesClips& options) {
  const Clips clips(options);
  Found plainly;
  Found otherwise;
  for (const AnnotatedClip& clip : read_annotations(options.folder / "annotations.json")) {
    if (!wanted(options, clip)) continue;
    const auto stem = std::filesystem::path(clip.name).stem().string();
    const Found found = clips.measure(clip, {});
    report_with_doubt(stem, found);
    plainly += found;
    if (options.begin_every <= 0) continue;
    std::map<std::string, Found> by_name;
    for (const Showing& showing :
         showings(ShownClip(options.folder / clip.name, clip, {}).seconds(), options.begin_every))
      by_name[showing.name] += clips.measure(clip, showing);
    for (const auto& [name, one] : by_name) {
      report_with_doubt(stem + " " + name, one);
      otherwise += one;
    }
  }
  report_with_doubt("all clips", plainly);
  if (options.begin_every > 0) report_with_doubt("all clips, shown otherwise", otherwise);
}

}  // namespace piste::bench
