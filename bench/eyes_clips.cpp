#include "eyes_clips.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "pipeline/analyser.h"
#include "pose_clip.h"
#include "pose_pictures.h"
#include "remembered_poses.h"
#include "report.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::bench {
namespace {

namespace json = boost::json;
using types::Side;

// Marks are good to some 5 % of the height; a quarter of it is still this body and no other.
constexpr double on_body = 0.25;

struct Mark {
  double x = 0;  // of the hips
  double y = 0;
  double height = 0;
};
using Marks = types::PerSide<std::optional<Mark>>;

struct Marked {
  std::string name;
  std::map<std::int64_t, Marks> frames;
};

struct Count {
  int right = 0;
  int wrong = 0;
  int missing = 0;
  int swaps = 0;  // of the wrong: on the other fencer

  void operator+=(const Count& other) {
    right += other.right;
    wrong += other.wrong;
    missing += other.missing;
    swaps += other.swaps;
  }
};

std::optional<Mark> mark_of(const json::object& frame, std::string_view side) {
  const auto* value = frame.if_contains(side);
  if (!value || value->is_null()) return std::nullopt;
  const auto& numbers = value->as_array();
  return Mark{numbers.at(0).to_number<double>(), numbers.at(1).to_number<double>(),
              numbers.at(2).to_number<double>()};
}

std::vector<Marked> read_annotations(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("there is no " + path.string());
  const auto all = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  std::vector<Marked> clips;
  for (const auto& [name, clip] : all.as_object()) {
    Marked marked{name, {}};
    for (const auto& [number, frame] : clip.as_object().at("frames").as_object())
      marked.frames[std::stoll(number)] = {mark_of(frame.as_object(), "left"),
                                           mark_of(frame.as_object(), "right")};
    clips.push_back(std::move(marked));
  }
  return clips;
}

std::optional<double> off(const types::TrackPoint& point, const Mark& mark) {
  const auto& left = point.keypoints[types::joint::left_hip];
  const auto& right = point.keypoints[types::joint::right_hip];
  if (left.score <= 0 || right.score <= 0) return std::nullopt;
  return std::hypot((left.x + right.x) / 2 - mark.x, (left.y + right.y) / 2 - mark.y) / mark.height;
}

Count compare(const types::Tracks& tracks, const Marked& marked) {
  Count count;
  for (const Side side : types::both_sides) {
    for (const auto& point : tracks[side].points) {
      const auto at = marked.frames.find(point.number);
      if (at == marked.frames.end() || !at->second[side]) continue;
      const auto away = off(point, *at->second[side]);
      if (!away) {
        ++count.missing;
      } else if (*away < on_body) {
        ++count.right;
      } else {
        ++count.wrong;
        const auto& other = at->second[opposite(side)];
        if (other && off(point, *other).value_or(1) < on_body) ++count.swaps;
      }
      if (!away || *away >= on_body)
        std::fprintf(stderr, "  %s %lld %s: %s %.2f\n", marked.name.c_str(),
                     static_cast<long long>(point.number), std::string(to_string(side)).c_str(),
                     away ? "wrong" : "missing", away.value_or(0));
    }
  }
  return count;
}

void say(const std::string& name, const Count& count) {
  const double all = std::max(1, count.right + count.wrong + count.missing);
  report("eyes", name,
         {{"right", count.right / all},
          {"wrong", count.wrong / all},
          {"missing", count.missing / all},
          {"swaps", static_cast<double>(count.swaps)},
          {"marks", all}});
}

// As a person taps them who sees the first annotated frame.
types::Marks tapped(const Marked& marked) {
  for (const auto& [number, marks] : marked.frames) {
    if (!marks.left || !marks.right) continue;
    return {{}, types::fencers_at({{marks.left->x, marks.left->y}, {marks.right->x, marks.right->y}})};
  }
  return {};
}

types::Tracks look_at(const std::filesystem::path& video, const pipeline::Models& models,
                      const types::Marks& marks) {
  const auto reader = must(video::Reader::open_file(video));
  const auto& info = reader->info();
  pipeline::Workers workers(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  pipeline::Analyser analyser(models, workers,
                              {info.width, info.height, info.fps, 0.33, models.detector->precise(), marks},
                              types::nowhere);
  while (auto frame = must(reader->next()))
    analyser.add(std::make_shared<const types::Frame>(std::move(*frame)));
  return analyser.finish(analyser.motion());
}

Reference reference_of(const Marked& marked, std::size_t frames) {
  Reference reference{std::vector<Fencers>(frames), frames};
  for (const auto& [number, marks] : marked.frames) {
    for (const Side side : types::both_sides) {
      const auto& mark = marks[side];
      if (!mark || number < 0 || static_cast<std::size_t>(number) >= frames) continue;
      reference.frames[static_cast<std::size_t>(number)][side].fill(
          {static_cast<float>(mark->x), static_cast<float>(mark->y), 1});
    }
  }
  return reference;
}

void draw(const EyesClips& options, const Marked& marked, const types::Tracks& tracks) {
  const auto video = options.folder / marked.name;
  const auto reader = must(video::Reader::open_file(video));
  Clip clip{reader->info().width, reader->info().height, reader->info().fps, {}, {}};
  std::size_t number = 0;
  while (const auto frame = must(reader->next())) {
    types::EncodedFrame encoded;
    if (number % static_cast<std::size_t>(options.every) == 0) {
      auto jpeg = std::make_shared<types::Bytes>(must(video::encode_jpeg(frame->image, 90)));
      encoded = {frame->number,      frame->time,         types::Encoding::jpeg,
                 frame->image.width, frame->image.height, std::move(jpeg)};
    }
    clip.frames.push_back(std::move(encoded));
    ++number;
  }
  draw_pictures(options.pictures / video.stem(), clip, tracks, reference_of(marked, clip.frames.size()),
                static_cast<std::size_t>(options.every));
}

}  // namespace

void measure_clips(const EyesClips& options) {
  const pipeline::Models models{
      must(pose::Detector::load(options.models / "movenet-multipose.onnx", {})),
      must(pose::SinglePose::load(options.models / "movenet-thunder-int8.onnx", {}))};
  Count all;
  for (const Marked& marked : read_annotations(options.folder / "annotations.json")) {
    const auto stem = std::filesystem::path(marked.name).stem();
    if (!options.only.empty() && std::ranges::find(options.only, stem.string()) == options.only.end())
      continue;
    const auto marks = options.tapped ? tapped(marked) : types::Marks{};
    const auto video = options.folder / marked.name;
    const auto tracks = options.cache.empty()
                            ? look_at(video, models, marks)
                            : look_at(video, remembering(models, options.cache / stem), marks);
    const Count count = compare(tracks, marked);
    say(stem.string(), count);
    all += count;
    if (!options.pictures.empty()) draw(options, marked, tracks);
  }
  say("all clips", all);
}

}  // namespace piste::bench
