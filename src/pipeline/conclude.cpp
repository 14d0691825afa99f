#include "pipeline/conclude.h"

#include <algorithm>
#include <exception>
#include <future>

#include "artifacts/artifacts.h"
#include "base/file_text.h"
#include "base/log.h"
#include "base/mutex.h"
#include "camera/account.h"
#include "pipeline/touches.h"
#include "referee/curves.h"
#include "referee/decide.h"
#include "types/analysis.h"
#include "types/said.h"

namespace piste::pipeline {
namespace {

constexpr double least_height = 90;   // px, of a fencer who is seen well
constexpr std::size_t most_told = 4;  // lapses of a fencer

std::optional<double> video_end(const types::Tracks& tracks) {
  const auto& points = tracks.left.points;
  if (points.empty()) return std::nullopt;
  return points.back().time;
}

// When the frames were taken is known better now than when they were looked at.
void put_into_time(std::vector<types::SeenLamp>& lamps, const types::Tracks& tracks) {
  const auto& points = tracks.left.points;
  for (types::SeenLamp& lamp : lamps) {
    const auto point =
        std::find_if(points.begin(), points.end(), [&](const auto& one) { return one.number == lamp.frame; });
    if (point == points.end()) continue;
    lamp.time = point->time;
    if (point != points.begin()) lamp.error = std::max(0.0, point->time - std::prev(point)->time);
  }
}

// What decides happened by then, on the tracks' clock.
double hit_of(const types::Analysis& analysis) {
  if (!analysis.phrase.touches.empty()) return analysis.phrase.touches.front().time + analysis.log_offset;
  return analysis.tracks.left.points.empty() ? 0 : analysis.tracks.left.points.back().time;
}

// One phrase's conclusion, stage by stage.
class Conclusion {
 public:
  Conclusion(Material material, const Footage& footage, const Surroundings& surroundings)
      : material_(std::move(material)), footage_(footage), around_(surroundings) {}

  Result<Outcome> run() {
    if (auto touches = find_touches(); !touches) return touches.error();
    decide();
    if (around_.cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    write_artifacts();
    if (around_.cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    return write_result();
  }

 private:
  // The video is kept on a worker while the overlay is drawn here: both tell.
  void tell(const std::string& stage, double progress, const std::string& message) {
    const base::Lock lock(telling_);
    around_.on_progress({stage, progress, message, {}});
  }

  Result<base::Done> find_touches();
  types::Tracks corrected_tracks();
  void put_on_piste(types::Tracks& tracks);
  void decide();
  void warn_of_lapses();
  void write_artifacts();
  std::vector<std::string> write_video_and_motion();
  std::vector<std::string> write_video();
  std::vector<std::string> write_workbook();
  std::vector<std::string> write_curves();
  void keep_log();
  void write_overlay();
  Result<Outcome> write_result();
  void warn(types::Said what);
  void took(const std::string& stage, Clock::time_point start) {
    analysis_.timings.emplace_back(stage, seconds_since(start));
  }

  base::Mutex telling_;
  Material material_;
  const Footage& footage_;
  const Surroundings& around_;
  types::Analysis analysis_;
  types::Said doubt_;  // whatever decides
  artifacts::Files files_;
};

Result<base::Done> Conclusion::find_touches() {
  const auto& settings = material_.settings;
  analysis_.lamps = std::move(material_.lamps);
  put_into_time(analysis_.lamps.lamps, material_.tracks);
  auto touches = touches_of({material_.log, settings, around_.options, analysis_.lamps,
                             video_end(material_.tracks), std::move(material_.told)});
  if (!touches) return touches.error();
  analysis_.id = settings.id;
  analysis_.weapon = settings.weapon.value_or(around_.options.weapon);
  analysis_.width = settings.width;
  analysis_.height = settings.height;
  analysis_.tracks = std::move(material_.tracks);
  analysis_.phrase = std::move(touches->phrase);
  analysis_.touch_source = touches->source;
  analysis_.lamps.lag = touches->lag;
  // The people first: without them upright nothing is seen well.
  doubt_ = material_.upright.doubt;
  doubt_ = joined(doubt_, touches->doubt);
  analysis_.log_offset = touches->zero;
  analysis_.human_verdict = touches->human_verdict;
  analysis_.warnings = std::move(touches->warnings);
  analysis_.warnings.insert(analysis_.warnings.end(), material_.warnings.begin(), material_.warnings.end());
  if (!material_.upright.warning.empty()) analysis_.warnings.push_back(material_.upright.warning);
  analysis_.streaming = material_.streaming;
  analysis_.undecodable_frames = material_.undecodable_frames;
  analysis_.time_source = material_.time_source;
  analysis_.timings = std::move(material_.timings);
  return base::Done{};
}

types::Tracks Conclusion::corrected_tracks() {
  const auto start = Clock::now();
  types::Tracks tracks = analysis_.tracks;
  if (around_.lens) {
    tell("fisheye", 0, "Correcting lens distortion of the keypoints...");
    for (const types::Side side : types::both_sides) {
      for (auto& point : tracks[side].points)
        video::undistort(*around_.lens, analysis_.width, analysis_.height, point.keypoints);
    }
    tell("fisheye", 1, "Lens distortion corrected");
  } else {
    tell("fisheye", 0, "Looking for a lens model...");
    tell("fisheye", 1, "No lens model is set: nothing to correct");
  }
  put_on_piste(tracks);
  turn(tracks, material_.upright.by, analysis_.width, analysis_.height);
  took("fisheye", start);
  return tracks;
}

// Out of the pictures of a camera that moves.
void Conclusion::put_on_piste(types::Tracks& tracks) {
  const double hit = hit_of(analysis_);
  analysis_.camera_motion = std::move(material_.camera);
  const auto& motion = analysis_.camera_motion;
  tracks = camera::on_piste(tracks, motion, hit);
  analysis_.camera = camera::account_of(analysis_.tracks, motion, hit, analysis_.width, analysis_.height);
  const auto& warnings = analysis_.camera.warnings;
  analysis_.warnings.insert(analysis_.warnings.end(), warnings.begin(), warnings.end());
}

void Conclusion::decide() {
  analysis_.on_piste = corrected_tracks();
  const types::Tracks& tracks = analysis_.on_piste;
  tell("decision", 0, "Deciding...");
  const auto start = Clock::now();
  analysis_.verdict =
      referee::decide(tracks, analysis_.phrase,
                      {.weapon = analysis_.weapon,
                       .review_below = around_.options.review_below,
                       .log_offset = analysis_.log_offset,
                       .log_doubt = doubt_,
                       .clock_doubt = material_.clock_doubt,
                       .picture_doubt = joined(material_.picture_doubt, analysis_.camera.doubt),
                       .least_height = least_height,
                       .camera_trust = analysis_.camera.trust,
                       .lamps_in_picture = analysis_.touch_source == types::TouchSource::lamps,
                       .lamps_found = analysis_.touch_source == types::TouchSource::lamps &&
                                      !analysis_.lamps.places.marked()});
  for (const types::Finding& found : analysis_.verdict.trace)
    if (found.kind == referee::kHit) warn(found.text);
  warn_of_lapses();
  took("decision", start);
  around_.on_progress({"decision", 1, analysis_.verdict.reason, artifacts::decision_json(analysis_)});
}

void Conclusion::warn_of_lapses() {
  for (const types::Side side : types::both_sides) {
    const auto& lapses = analysis_.verdict.quality.fencers[side].lapses;
    const std::size_t told = std::min(lapses.size(), most_told);
    for (std::size_t i = 0; i < told; ++i) analysis_.warnings.push_back(lapses[i].text);
    if (told < lapses.size())
      analysis_.warnings.back() = joined(analysis_.warnings.back(),
                                         types::said(told + 1 == lapses.size() ? "time_more" : "times_more",
                                                     {{"count", static_cast<double>(lapses.size() - told)}}));
  }
}

void Conclusion::warn(types::Said what) {
  base::log::warning(material_.settings.id, what.text);
  analysis_.warnings.push_back(std::move(what));
}

// The overlay is made on this thread, the other files meanwhile on a worker.
void Conclusion::write_artifacts() {
  auto others = around_.workers.run(around_.lane, [this] { return write_video_and_motion(); });
  const WaitAtExit wait(others);
  keep_log();
  const auto start = Clock::now();
  tell("overlay", 0, material_.settings.save_overlay ? "Drawing the overlay..." : "No overlay was asked for");
  if (material_.settings.save_overlay) write_overlay();
  const double overlay_seconds = seconds_since(start);
  for (const auto& warning : others.get()) warn(warning);
  analysis_.timings.emplace_back("overlay", overlay_seconds);
  tell("overlay", 1, "Artifacts saved");
}

// A log that is there already is not written again: it was acknowledged, and may be known to be on the disk.
void Conclusion::keep_log() {
  if (material_.log.empty()) return;
  files_.signal = "phrase.txt";
  const auto path = material_.settings.directory / files_.signal;
  if (base::file_text(path) == material_.log) return;
  if (const auto written = artifacts::write_file(path, material_.log); !written) {
    warn("The scoring log was not saved: " + written.error().message);
    files_.signal.clear();
  }
}

// What went wrong, in sentences. An exception here must not cost the verdict.
std::vector<std::string> Conclusion::write_video_and_motion() {
  std::vector<std::string> wrong;
  const auto attempt = [&](const std::string& not_saved, auto write) {
    try {
      for (std::string& sentence : (this->*write)()) wrong.push_back(std::move(sentence));
    } catch (const std::exception& failure) {
      base::log::error(material_.settings.id, not_saved + ": " + failure.what());
      wrong.push_back(not_saved + ": the server failed");
    }
  };
  const auto start = Clock::now();
  attempt("The video was not saved", &Conclusion::write_video);
  took("video_reconstruction", start);
  const auto motion_start = Clock::now();
  attempt("The keypoints were not saved", &Conclusion::write_workbook);
  attempt("The curves were not saved", &Conclusion::write_curves);
  took("keypoints", motion_start);
  return wrong;
}

std::vector<std::string> Conclusion::write_workbook() {
  const auto written = artifacts::write_workbook(material_.settings.directory / "keypoints.xlsx", analysis_);
  if (!written) return {"The keypoints were not saved: " + written.error().message};
  files_.keypoints = "keypoints.xlsx";
  return {};
}

// With the keypoints by their times: for whoever looks at the phrase later.
std::vector<std::string> Conclusion::write_curves() {
  const auto& directory = material_.settings.directory;
  const auto curves = referee::curves_of(analysis_.on_piste, hit_of(analysis_));
  if (artifacts::write_file(directory / "keypoints.json", artifacts::keypoints_json(analysis_)).ok() &&
      artifacts::write_file(directory / "curves.json", artifacts::curves_json(curves)).ok())
    return {};
  return {"The curves were not saved: the disk does not take them"};
}

std::vector<std::string> Conclusion::write_video() {
  tell("video_reconstruction", 0, "Keeping the video...");
  const auto video = footage_.keep_video(material_.settings.directory, [this](double done) {
    tell("video_reconstruction", std::min(done, .99), "Keeping the video...");
  });
  tell("video_reconstruction", 1, video ? "Video kept" : "The video could not be kept");
  if (!video) return {"The video was not saved: " + video.error().message + footage_.instead_of_video()};
  files_.video = video->name;
  if (video->damaged.empty()) return {};
  return {"Frames are damaged on the server's disk and not in the video: " + video->damaged};
}

void Conclusion::write_overlay() {
  const OverlayListener listener{
      [this](double done) { tell("overlay", std::min(.99, done), "Drawing the overlay..."); },
      around_.cancelled};
  try {
    const auto made = footage_.keep_overlay(material_.settings.directory, analysis_, listener);
    if (made)
      files_.overlay = "overlay.mp4";
    else if (made.error().code != ErrorCode::cancelled)
      warn("The overlay was not made: " + made.error().message);
  } catch (const std::exception& failure) {
    base::log::error(material_.settings.id, std::string("overlay: ") + failure.what());
    warn("The overlay was not made: the server failed");
  }
}

Result<Outcome> Conclusion::write_result() {
  const auto& settings = material_.settings;
  files_.result = "analysis_result.json";
  analysis_.processing_time = seconds_since(material_.log_arrived);
  analysis_.wall_time = seconds_since(settings.started);
  const artifacts::ResultOptions options{settings.include_keypoints, settings.directory.string(),
                                         settings.over_http};
  std::string json = artifacts::result_json(analysis_, files_, options);
  if (const auto written = artifacts::write_file(settings.directory / files_.result, json); !written) {
    warn("The result was not saved: " + written.error().message);
    files_.result.clear();
    json = artifacts::result_json(analysis_, files_, options);
  }
  return Outcome{std::move(json),        analysis_.verdict.winner,     analysis_.verdict.confidence,
                 analysis_.timings,      analysis_.undecodable_frames, !files_.video.empty(),
                 !files_.result.empty(), analysis_.verdict.review};
}

}  // namespace

Result<Outcome> conclude(Material material, const Footage& footage, const Surroundings& surroundings) {
  return Conclusion(std::move(material), footage, surroundings).run();
}

}  // namespace piste::pipeline
