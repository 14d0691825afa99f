#include "pipeline/bout_film.h"

#include <algorithm>
#include <cstdio>
#include <future>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include "pipeline/analyser.h"
#include "pipeline/bout_phrase.h"
#include "pipeline/film_shots.h"
#include "pipeline/shared.h"
#include "recording/frame_log.h"

namespace piste::pipeline {
namespace {

using bout::Cut;

constexpr double for_ever = std::numeric_limits<double>::infinity();

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

class BoutFilm {
 public:
  BoutFilm(Shared& shared, const BoutSettings& settings, FilmShots& shots, const BoutFilmObserver& observer,
           const std::function<bool()>& cancelled)
      : shared_(shared), settings_(settings), shots_(shots), observer_(observer), cancelled_(cancelled) {}
  ~BoutFilm() {
    std::error_code ignored;
    std::filesystem::remove(stretch_path(), ignored);
  }
  BoutFilm(const BoutFilm&) = delete;
  BoutFilm& operator=(const BoutFilm&) = delete;

  Result<base::Done> run(bout::Cutter& cutter, const Listen& listen);

 private:
  using Ahead = std::future<Result<std::optional<Shot>>>;

  std::filesystem::path stretch_path() const { return settings_.directory / ".stretch.frames"; }
  bool cancelled() const { return cancelled_ && cancelled_(); }

  Result<base::Done> judge_until(bout::Cutter& cutter, double until);
  void tell_progress(double done) const;
  void tell_left_out(bout::Cutter& cutter, double until);
  Result<base::Done> take(const Cut& cut);
  Result<std::unique_ptr<Stretch>> begin_stretch();
  Result<base::Done> look_at(Stretch& stretch, double from, double end);
  PhraseSettings phrase_settings() const;
  Result<base::Done> judge_cut(Prepared phrase);

  Shared& shared_;
  const BoutSettings& settings_;
  FilmShots& shots_;
  const BoutFilmObserver& observer_;
  const std::function<bool()>& cancelled_;
  std::unique_ptr<recording::FrameLog> log_;  // of the stretch
  std::optional<Shot> held_;                  // was read, and belongs to the next stretch
  double reached_ = 0;                        // s of the video
  bool over_ = false;                         // the video
  int judged_ = 0;
  std::optional<bout::LeftOut> left_out_;  // the next one of the cutter's, not told yet
};

Result<base::Done> BoutFilm::run(bout::Cutter& cutter, const Listen& listen) {
  for (;;) {
    if (cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    auto heard = listen();
    if (!heard) return heard.error();
    if (!*heard) break;
    for (auto& event : (*heard)->events) {
      event.moment.at += shared_.options.signal_offset;
      observer_.on_event(event);
      cutter.take(event);
    }
    if (auto done = judge_until(cutter, (*heard)->until); !done) return done;
  }
  tell_left_out(cutter, for_ever);
  return base::Done{};
}

Result<base::Done> BoutFilm::judge_until(bout::Cutter& cutter, double until) {
  while (const auto cut = cutter.next(until)) {
    tell_left_out(cutter, cut->end);
    if (auto done = take(*cut); !done) return done;
  }
  if (until > reached_ && until < for_ever) tell_progress(until);
  return base::Done{};
}

void BoutFilm::tell_progress(double done) const {
  const auto& info = shots_.info();
  observer_.on_progress(done, info.fps > 0 ? static_cast<double>(info.frame_count) / info.fps : 0);
}

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
  const double from = std::max(cut.earliest - bout_warm_up, reached_);
  if (auto looked = look_at(**stretch, from, cut.end); !looked) return looked;
  const double hit = cut.phrase.touches.front().time;
  if (reached_ < hit) {
    observer_.on_left_out({hit, "the video is over after " + seconds_text(reached_)});
    return base::Done{};
  }
  auto cutting = prepare(phrase_settings(), cut, judged_ + 1, **stretch, *log_);
  if (!cutting) return cutting.error();
  if (const auto* left_out = std::get_if<bout::LeftOut>(&*cutting)) {
    observer_.on_left_out(*left_out);
    return base::Done{};
  }
  ++judged_;
  return judge_cut(std::move(std::get<Prepared>(*cutting)));
}

PhraseSettings BoutFilm::phrase_settings() const {
  const auto& info = shots_.info();
  PhraseSettings settings;
  settings.id = settings_.id;
  settings.width = info.width;
  settings.height = info.height;
  settings.fps = info.fps;
  settings.marks.piste = settings_.piste;
  settings.include_keypoints = settings_.include_keypoints;
  settings.save_overlay = settings_.save_overlay;
  settings.directory = settings_.directory;
  return settings;
}

Result<std::unique_ptr<Stretch>> BoutFilm::begin_stretch() {
  const auto& info = shots_.info();
  std::error_code ignored;
  std::filesystem::remove(stretch_path(), ignored);
  auto log = recording::FrameLog::create(stretch_path(), {info.width, info.height, info.fps});
  if (!log) return failed(log.error());
  log_ = std::move(*log);
  const auto tracker = tracker_options(shared_, phrase_settings());
  // The box's events say what was hit: nobody looks for lamps.
  return std::unique_ptr<Stretch>(
      new Stretch{Analyser(shared_.models, shared_.workers, tracker, types::nowhere), 0, {}});
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
    tell_progress(reached_);
    ahead = read();
    if (!shot.frame || shot.time < from) continue;
    shot.frame->number = shot.kept.number = stretch.next_number;
    shot.kept.timestamp = shot.time;
    if (const auto kept = log_->append(shot.kept); !kept) return failed(kept.error());
    stretch.shown.push_back({shot.time, stretch.shown.size(), stretch.next_number++});
    stretch.analyser.add(std::move(shot.frame));
  }
  return base::Done{};
}

Result<base::Done> BoutFilm::judge_cut(Prepared phrase) {
  auto outcome = judge(
      shared_, phrase.lane, std::move(phrase.cut), *phrase.log, [](const Progress&) {},
      [this] { return cancelled(); });
  if (!outcome) return outcome.error();
  std::error_code ignored;
  if (outcome->video_kept && outcome->result_kept)
    std::filesystem::remove(settings_.directory / phrase.told.folder / "frames.log", ignored);
  phrase.told.outcome = std::move(*outcome);
  observer_.on_phrase(phrase.told);
  return base::Done{};
}

}  // namespace

Result<base::Done> analyze_bout(const EngineOptions& options, const BoutSettings& settings,
                                const std::filesystem::path& video, const Listen& listen,
                                const BoutFilmObserver& observer, const std::function<bool()>& cancelled) {
  auto shots = FilmShots::open(video);
  if (!shots) return shots.error();
  const auto& info = (*shots)->info();
  if (const auto why = types::objection_to({settings.piste, {}}, info.width, info.height); !why.empty())
    return Error{ErrorCode::video, why};
  auto shared = load_shared(options);
  if (!shared) return shared.error();
  bout::Cutter cutter({settings.weapon, options.weapon});
  return BoutFilm(**shared, settings, **shots, observer, cancelled).run(cutter, listen);
}

}  // namespace piste::pipeline
