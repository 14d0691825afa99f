#include "eyes_camera.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "camera/camera.h"
#include "drawn_phrases.h"
#include "pose_clip.h"
#include "render/motion.h"
#include "report.h"
#include "types/camera.h"

namespace piste::bench {
namespace {

namespace json = boost::json;
using types::Side;

constexpr double reach = .15;  // s to either side, over which the referee takes a speed

// From a quiet hand to a broadcast camera that is torn along.
constexpr std::array<render::CameraWork, 3> handlings{{{.pan = 1, .zoom = 1.15, .shake = 2},
                                                       {.pan = 2, .zoom = 1.3, .shake = 4},
                                                       {.pan = 3, .zoom = 1.3, .shake = 6}}};

using Places = std::vector<std::optional<double>>;  // m along the piste, by frame
using Speeds = std::vector<std::optional<double>>;  // m/s

struct Judged {
  FromPixels pixels;
  json::object result;
};

// One phrase, one camera.
class Film {
 public:
  Film(const rows::Row& row, const render::CameraWork& work) : row_(row), renderer_(renderer_of(row, work)) {}

  Judged judged(pipeline::Engine& engine) const;
  double metre() const { return renderer_.view().metre; }
  const render::Renderer& renderer() const { return renderer_; }
  // A point of the picture in the picture of a tripod.
  types::Keypoint still(std::size_t frame, const types::Keypoint& point) const {
    return types::moved(types::inverse(renderer_.camera(static_cast<int>(frame))), point);
  }

 private:
  const rows::Row& row_;
  render::Renderer renderer_;
};

Judged Film::judged(pipeline::Engine& engine) const {
  Judged out{judge(engine, row_, renderer_), {}};
  out.result = json::parse(out.pixels.result).as_object();
  return out;
}

std::optional<types::Keypoint> hips(const types::Keypoints& keypoints) {
  const auto& a = keypoints[types::joint::left_hip];
  const auto& b = keypoints[types::joint::right_hip];
  if (a.score <= 0 || b.score <= 0) return std::nullopt;
  return types::Keypoint{(a.x + b.x) / 2, (a.y + b.y) / 2, 1};
}

// A line through the places around each frame, as the referee fits it.
Speeds speeds(const Places& places, double fps) {
  Speeds out(places.size());
  const auto wide = static_cast<std::ptrdiff_t>(std::floor(reach * fps));
  for (std::ptrdiff_t i = wide; i + wide < static_cast<std::ptrdiff_t>(places.size()); ++i) {
    double weight = 0, t = 0, tt = 0, x = 0, tx = 0;
    bool known = true;
    for (std::ptrdiff_t j = -wide; j <= wide; ++j) {
      const auto& place = places[static_cast<std::size_t>(i + j)];
      known = known && place;
      if (!place) continue;
      const double at = static_cast<double>(j) / fps;
      const double w = 1 - std::abs(at) / (reach + 1 / fps);
      weight += w;
      t += w * at;
      tt += w * at * at;
      x += w * *place;
      tx += w * at * *place;
    }
    if (known) out[static_cast<std::size_t>(i)] = (weight * tx - t * x) / (weight * tt - t * t);
  }
  return out;
}

void add_differences(const Speeds& one, const Speeds& other, std::vector<double>& to) {
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
    if (one[i] && other[i]) to.push_back(std::abs(*one[i] - *other[i]));
}

// How far the speeds of both fencers' hips are from the drawn ones, m/s.
struct Errors {
  std::vector<double> measured;  // of the tracks that the referee saw
  std::vector<double> picture;   // of those in the picture
  std::vector<double> camera;    // of the drawn hips, carried by the measured motion
};

std::optional<types::Keypoints> skeleton(const json::value& frame) {
  if (frame.is_null()) return std::nullopt;
  types::Keypoints out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto& joint = frame.as_array().at(i);
    if (joint.is_null()) continue;
    out[i] = {joint.at(0).to_number<float>(), joint.at(1).to_number<float>(), joint.at(2).to_number<float>()};
  }
  return out;
}

// The view that was measured; nullopt where it was not.
std::optional<types::View> measured_view(const json::object& result, std::size_t frame) {
  const auto& camera = result.at("camera").as_object();
  if (!camera.contains("views")) return types::View{};
  const auto& view = camera.at("views").as_array().at(frame);
  if (view.is_null()) return std::nullopt;
  const double zoom = view.at(0).to_number<double>();
  const double roll = view.at(1).to_number<double>();
  return types::View{zoom * std::cos(roll), zoom * std::sin(roll), view.at(2).to_number<double>(),
                     view.at(3).to_number<double>()};
}

Errors errors_of(const Film& film, const Judged& judged) {
  Errors out;
  const auto& keypoints = judged.result.at("keypoints").as_object();
  const bool moved = keypoints.contains("on_piste");
  const auto frames = static_cast<std::size_t>(film.renderer().frames());
  const double fps = film.renderer().options().fps;
  for (const Side side : types::both_sides) {
    const auto name = types::to_string(side);
    const auto& picture = keypoints.at(name).as_array();
    const auto& piste = moved ? keypoints.at("on_piste").at(name).as_array() : picture;
    Places truth(frames), measured(frames), raw(frames), carried(frames);
    for (std::size_t i = 0; i < frames && i < picture.size(); ++i) {
      const auto drawn = *hips(film.renderer().truth(static_cast<int>(i))[side]);
      truth[i] = film.still(i, drawn).x / film.metre();
      // The referee's frame of reference is the first picture.
      if (const auto view = measured_view(judged.result, i))
        carried[i] = film.still(0, types::moved(types::inverse(*view), drawn)).x / film.metre();
      if (const auto found = skeleton(piste[i])) {
        if (const auto at = hips(*found)) measured[i] = film.still(0, *at).x / film.metre();
      }
      if (const auto found = skeleton(picture[i])) {
        if (const auto at = hips(*found)) raw[i] = at->x / film.metre();
      }
    }
    const Speeds true_speeds = speeds(truth, fps);
    add_differences(true_speeds, speeds(measured, fps), out.measured);
    add_differences(true_speeds, speeds(raw, fps), out.picture);
    add_differences(true_speeds, speeds(carried, fps), out.camera);
  }
  return out;
}

void append(const std::vector<double>& from, std::vector<double>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

struct Sums {
  std::vector<double> still;
  std::vector<double> measured;
  std::vector<double> picture;
  std::vector<double> camera;
  double phrases = 0;
  double same = 0;
  double lost = 0;
  double moved_when_still = 0;
};

void compare_one(pipeline::Engine& engine, const rows::Row& row, const render::CameraWork& work, Sums& sums) {
  const Film tripod(row, {});
  const Film handled(row, work);
  const Judged still = tripod.judged(engine);
  const Judged moving = handled.judged(engine);
  const Errors still_errors = errors_of(tripod, still);
  const Errors errors = errors_of(handled, moving);
  append(still_errors.measured, sums.still);
  append(errors.measured, sums.measured);
  append(errors.picture, sums.picture);
  append(errors.camera, sums.camera);
  ++sums.phrases;
  sums.same += still.pixels.winner == moving.pixels.winner ? 1 : 0;
  const auto& camera = moving.result.at("camera").as_object();
  const auto breaks =
      static_cast<double>(camera.at("cuts").as_array().size() + camera.at("lost").as_array().size());
  sums.lost += breaks > 0 ? 1 : 0;
  const bool still_moved = still.result.at("camera").at("moved").as_bool();
  sums.moved_when_still += still_moved ? 1 : 0;
  report("eyes", "camera: " + row.id,
         {{"pan", work.pan},
          {"same_verdict", still.pixels.winner == moving.pixels.winner ? 1. : 0.},
          {"confidence_still", still.pixels.confidence},
          {"confidence", moving.pixels.confidence},
          {"error_still", percentile(still_errors.measured, .5)},
          {"error", percentile(errors.measured, .5)},
          {"error_camera", percentile(errors.camera, .5)},
          {"error_picture", percentile(errors.picture, .5)},
          {"breaks", breaks},
          {"still_moved", still_moved ? 1. : 0.}});
}

}  // namespace

void measure_camera(const EyesCamera& options) {
  const auto engine = engine_of(options.models);
  Sums sums;
  const auto rows = drawable_rows(options.rows, options.phrases);
  const std::size_t end = std::min(rows.size(), options.from + options.count);
  for (std::size_t i = options.from; i < end; ++i)
    compare_one(*engine, rows[i], handlings[i % handlings.size()], sums);
  report("eyes", "camera: all",
         {{"phrases", sums.phrases},
          {"same_verdict", sums.phrases > 0 ? sums.same / sums.phrases : 0},
          {"error_still", percentile(sums.still, .5)},
          {"error", percentile(sums.measured, .5)},
          {"error_95", percentile(sums.measured, .95)},
          {"error_camera", percentile(sums.camera, .5)},
          {"error_camera_95", percentile(sums.camera, .95)},
          {"error_picture", percentile(sums.picture, .5)},
          {"with_breaks", sums.lost},
          {"still_moved", sums.moved_when_still}});
}

void measure_camera_time() {
  auto scene = must(render::load_motion(PISTE_SOURCE_DIR "/samples/attack-from-left.json"));
  const render::Renderer renderer(std::move(scene), {.camera = {.pan = 2, .zoom = 1.3, .shake = 4}});
  std::vector<types::Frame> frames;
  for (int i = 0; i < 60; ++i) frames.push_back({i, renderer.time(i), 1, renderer.frame(i)});
  std::vector<double> times;
  for (int round = 0; round < 5; ++round) {
    camera::Camera camera;
    for (const auto& frame : frames) {
      const auto start = std::chrono::steady_clock::now();
      camera.look(frame, {});
      times.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
  }
  report(
      "eyes", "camera: time of a picture, ms",
      {{"median", percentile(times, .5)}, {"p95", percentile(times, .95)}, {"most", percentile(times, 1)}});
}

}  // namespace piste::bench
