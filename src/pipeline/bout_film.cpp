#include "pipeline/bout_film.h"

#include <algorithm>
#include <cstdio>
#include <future>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include "bout/guard.h"
#include "camera/account.h"
#include "pipeline/analyser.h"
#include "pipeline/cut_phrase.h"
#include "pipeline/film_shots.h"
#include "pipeline/shared.h"
#include "recording/frame_log.h"

namespace piste::pipeline {
namespace {

using bout::Cut;
using bout::Guard;

constexpr double warm_up = .5;  // s in which the tracker finds the fencers
constexpr double lead = .7;     // s before they left their guard

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::string folder_of(int number) {
  char name[32];
  std::snprintf(name, sizeof name, "phrase-%02d", number);
  return name;
}

Error failed(const recording::Error& error) {
  return {ErrorCode::io, error.message};
}

// The frames of a stretch of the video, looked at and kept.
struct Stretch {
  Analyser analyser;
  std::unique_ptr<recording::FrameLog> log;
  std::vector<double> times;  // of the log's frames, s of the video
};

class BoutFilm {
 public:
  BoutFilm(Shared& shared, const BoutSettings& settings, FilmShots& shots, const BoutObserver& observer,
           const std::function<bool()>& cancelled)
      : shared_(shared), settings_(settings), shots_(shots), observer_(observer), cancelled_(cancelled) {}
  ~BoutFilm() {
    std::error_code ignored;
    std::filesystem::remove(stretch_path(), ignored);
  }
  BoutFilm(const BoutFilm&) = delete;
  BoutFilm& operator=(const BoutFilm&) = delete;

  Result<base::Done> run(bout::Cutter& cutter) {
    constexpr double for_ever = std::numeric_limits<double>::infinity();
    while (const auto cut = cutter.next(for_ever)) {
      tell_left_out(cutter, cut->end);
      if (auto done = take(*cut); !done) return done;
    }
    tell_left_out(cutter, for_ever);
    return base::Done{};
  }

 private:
  using Ahead = std::future<Result<std::optional<Shot>>>;

  std::filesystem::path stretch_path() const { return settings_.directory / ".stretch.frames"; }
  bool cancelled() const { return cancelled_ && cancelled_(); }

  void tell_left_out(bout::Cutter& cutter, double until);
  Result<base::Done> take(const Cut& cut);
  Result<std::unique_ptr<Stretch>> begin_stretch() const;
  Result<base::Done> look_at(Stretch& stretch, double from, double end);
  std::optional<double> beginning(const Cut& cut, const types::Tracks& tracks);
  Result<base::Done> judge_cut(const Cut& cut, const Stretch& stretch, double begin,
                               types::CameraMotion motion);
  Result<std::unique_ptr<recording::FrameLog>> copy(const Stretch& stretch, double begin,
                                                    const std::filesystem::path& path) const;
  Result<Outcome> judge_frames(const CutPhrase& cut, const Stretch& stretch, double begin);

  Shared& shared_;
  const BoutSettings& settings_;
  FilmShots& shots_;
  const BoutObserver& observer_;
  const std::function<bool()>& cancelled_;
  std::optional<Shot> held_;  // was read, and belongs to the next stretch
  double reached_ = 0;        // s of the video
  bool over_ = false;         // the video
  int judged_ = 0;
  std::optional<bout::LeftOut> left_out_;  // the next one of the cutter's, not told yet
};

// In order of time among the phrases.
void BoutFilm::tell_left_out(bout::Cutter& cutter, double until) {
  while (left_out_ || (left_out_ = cutter.next_left_out())) {
    if (left_out_->at >= until) return;
    observer_.on_left_out(*std::exchange(left_out_, std::nullopt));
  }
}

Result<base::Done> BoutFilm::take(const Cut& cut) {
  auto stretch = begin_stretch();
  if (!stretch) return stretch.error();
  const double from = std::max(cut.earliest - warm_up, reached_);
  if (auto looked = look_at(**stretch, from, cut.end); !looked) return looked;
  const double hit = cut.phrase.touches.front().time;
  if (reached_ < hit) {
    observer_.on_left_out({hit, "the video is over after " + seconds_text(reached_)});
    return base::Done{};
  }
  const auto& analyser = (*stretch)->analyser;
  auto motion = analyser.motion();
  const auto begin = beginning(cut, camera::on_piste(analyser.finish(motion), motion, hit));
  if (!begin) {
    observer_.on_left_out({hit, "the fencers had not been on guard: somebody tested a weapon"});
    return base::Done{};
  }
  return judge_cut(cut, **stretch, *begin, std::move(motion));
}

Result<std::unique_ptr<Stretch>> BoutFilm::begin_stretch() const {
  const auto& info = shots_.info();
  std::error_code ignored;
  std::filesystem::remove(stretch_path(), ignored);
  auto log = recording::FrameLog::create(stretch_path(), {info.width, info.height, info.fps});
  if (!log) return failed(log.error());
  const auto tracker = tracker_options(shared_, info.width, info.height, info.fps);
  // The box's events say what was hit: nobody looks for lamps.
  return std::unique_ptr<Stretch>(
      new Stretch{Analyser(shared_.models, shared_.workers, tracker, types::nowhere), std::move(*log), {}});
}

// The next picture is decoded, and encoded, on a worker while the poses of the current one are found.
Result<base::Done> BoutFilm::look_at(Stretch& stretch, double from, double end) {
  const auto read = [&]() -> Ahead {
    return shared_.workers.run(stretch.analyser.lane(), [this, from] { return shots_.next(from); });
  };
  Ahead ahead;
  const WaitAtExit wait(ahead);
  while (!over_) {
    if (cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    if (!held_) {
      auto next = ahead.valid() ? ahead.get() : read().get();
      if (!next) return next.error();
      over_ = !*next;
      if (over_) break;
      held_ = std::move(**next);
    }
    if (held_->time > end) break;  // of the next stretch
    auto shot = *std::exchange(held_, std::nullopt);
    reached_ = shot.time;
    const auto& info = shots_.info();
    observer_.on_progress(reached_, info.fps > 0 ? static_cast<double>(info.frame_count) / info.fps : 0);
    ahead = read();
    if (!shot.frame || shot.time < from) continue;
    shot.frame->number = shot.kept.number = static_cast<std::int64_t>(stretch.times.size());
    shot.kept.timestamp = shot.time;
    if (const auto kept = stretch.log->append(shot.kept); !kept) return failed(kept.error());
    stretch.times.push_back(shot.time);
    stretch.analyser.add(std::move(shot.frame));
  }
  return base::Done{};
}

// s of the video; nullopt: it is no phrase.
std::optional<double> BoutFilm::beginning(const Cut& cut, const types::Tracks& tracks) {
  if (cut.phrase.start) return *cut.phrase.start;
  const Guard guard = bout::last_guard(tracks, cut.earliest, cut.phrase.touches.front().time);
  if (guard.found == Guard::Found::no) return std::nullopt;
  return guard.found == Guard::Found::yes ? std::max(guard.until - lead, cut.earliest) : cut.earliest;
}

Result<base::Done> BoutFilm::judge_cut(const Cut& cut, const Stretch& stretch, double begin,
                                       types::CameraMotion motion) {
  const auto first =
      static_cast<std::size_t>(std::ranges::lower_bound(stretch.times, begin) - stretch.times.begin());
  if (first == stretch.times.size()) {
    observer_.on_left_out({cut.phrase.touches.front().time, "no picture shows it"});
    return base::Done{};
  }
  const double zero = stretch.times[first];
  BoutPhrase told{++judged_,          zero, cut.end, cut.phrase.touches, cut.phrase.order_unknown,
                  folder_of(judged_), {}};
  CutPhrase phrase;
  phrase.number = told.number;
  phrase.phrase = cut.phrase;
  phrase.phrase.start = 0;
  phrase.phrase.end = std::min(cut.end, reached_) - zero;
  for (auto& touch : phrase.phrase.touches) touch.time -= zero;
  std::erase_if(phrase.phrase.blade_contacts, [&](double contact) { return contact < zero; });
  for (auto& contact : phrase.phrase.blade_contacts) contact -= zero;
  if (phrase.phrase.lockout) phrase.phrase.lockout->start -= zero;
  phrase.tracks = stretch.analyser.finish(motion, zero);
  const auto skipped = static_cast<std::int64_t>(first);
  for (const types::Side side : types::both_sides) {
    for (auto& point : phrase.tracks[side].points) point.number -= skipped, point.time -= zero;
  }
  phrase.camera = std::move(motion);
  std::erase_if(phrase.camera.frames, [&](const auto& frame) { return frame.number < skipped; });
  for (auto& frame : phrase.camera.frames) frame.number -= skipped;
  const auto& info = shots_.info();
  phrase.settings.id = settings_.id + "-" + std::to_string(told.number);
  phrase.settings.width = info.width;
  phrase.settings.height = info.height;
  phrase.settings.fps = info.fps;
  phrase.settings.weapon = cut.weapon;
  phrase.settings.include_keypoints = settings_.include_keypoints;
  phrase.settings.save_overlay = settings_.save_overlay;
  phrase.settings.directory = settings_.directory / told.folder;
  phrase.settings.started = std::chrono::steady_clock::now();
  auto outcome = judge_frames(phrase, stretch, zero);
  if (!outcome) return outcome.error();
  told.outcome = std::move(*outcome);
  observer_.on_phrase(told);
  return base::Done{};
}

// In a folder of its own, as if the phrase had been streamed.
Result<Outcome> BoutFilm::judge_frames(const CutPhrase& cut, const Stretch& stretch, double begin) {
  std::error_code failure;
  const auto& directory = cut.settings.directory;
  const auto path = directory / "frames.log";
  std::filesystem::create_directories(directory, failure);
  if (!failure) std::filesystem::remove(path, failure);
  if (failure) return Error{ErrorCode::io, "a phrase's folder cannot be made: " + failure.message()};
  auto log = copy(stretch, begin, path);
  if (!log) return log.error();
  auto outcome = judge(shared_, stretch.analyser.lane(), cut, **log, [this] { return cancelled(); });
  if (outcome && outcome->video_kept && outcome->result_kept) std::filesystem::remove(path, failure);
  return outcome;
}

Result<std::unique_ptr<recording::FrameLog>> BoutFilm::copy(const Stretch& stretch, double begin,
                                                            const std::filesystem::path& path) const {
  auto log = recording::FrameLog::create(path, stretch.log->description());
  if (!log) return failed(log.error());
  std::int64_t number = 0;
  for (std::size_t i = 0; i < stretch.times.size(); ++i) {
    if (stretch.times[i] < begin) continue;
    auto frame = stretch.log->read(i);
    if (!frame) return failed(frame.error());
    frame->number = number++;
    frame->timestamp = stretch.times[i] - begin;
    if (const auto kept = (*log)->append(*frame); !kept) return failed(kept.error());
  }
  return std::move(*log);
}

}  // namespace

Result<base::Done> analyze_bout(const EngineOptions& options, const BoutSettings& settings,
                                const std::filesystem::path& video, std::vector<types::box::Event> events,
                                const BoutObserver& observer, const std::function<bool()>& cancelled) {
  auto shots = FilmShots::open(video);
  if (!shots) return shots.error();
  auto shared = load_shared(options);
  if (!shared) return shared.error();
  bout::Cutter cutter({settings.weapon, options.weapon});
  for (auto& event : events) {
    event.moment.at += options.signal_offset;
    cutter.take(event);
  }
  return BoutFilm(**shared, settings, **shots, observer, cancelled).run(cutter);
}

}  // namespace piste::pipeline
