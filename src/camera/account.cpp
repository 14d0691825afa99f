#include "camera/account.h"
#include "camera/quantile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <utility>

#include "base/text.h"
#include "types/said.h"

namespace piste::camera {
namespace {

using types::CameraAccount;
using types::CameraFrame;
using types::CameraMotion;
using types::said;
using types::Sight;
using types::Stretch;
using types::TrackPoint;
using types::Tracks;

constexpr double last_moments = 1.0;    // s before the hit, in which who moves decides
constexpr double looked_at = 2.5;       // s before the hit, of which the referee makes something
constexpr double frozen_after = .3;     // s of the same picture: shorter is a hitch
constexpr double least_repeated = .12;  // of all pictures: fewer are chance, not a rate
constexpr double most_repeated = .9;    // more is a picture in which nothing moves
constexpr double least_known = .75;     // of the last moments
constexpr double least_pictures = 12;   // new ones a second: with fewer nobody tells who began
constexpr double steps_apart = .15;     // s over which speeds are told: nearer pictures are noise

// One picture, with its time.
struct Shown {
  const CameraFrame* frame;
  double time;
};

std::vector<Shown> shown(const Tracks& tracks, const CameraMotion& motion) {
  std::vector<Shown> all;
  for (const TrackPoint& point : tracks.left.points) {
    if (const CameraFrame* frame = motion.at(point.number)) all.push_back({frame, point.time});
  }
  return all;
}

int shot_of(const std::vector<Shown>& all, double time) {
  const auto nearest = std::min_element(all.begin(), all.end(), [time](const Shown& a, const Shown& b) {
    return std::abs(a.time - time) < std::abs(b.time - time);
  });
  return nearest == all.end() ? 0 : nearest->frame->shot;
}

std::vector<Stretch> stretches(const std::vector<Shown>& all,
                               const std::function<bool(const CameraFrame&)>& such) {
  std::vector<Stretch> found;
  bool open = false;
  for (const auto& [frame, time] : all) {
    if (!such(*frame)) {
      open = false;
      continue;
    }
    if (!open) found.push_back({frame->number, frame->number, time, time});
    found.back().last_frame = frame->number;
    found.back().end = time;
    open = true;
  }
  return found;
}

// Pictures that are held up for long. Where nearly all are, it is a picture in which nothing moves.
std::vector<Stretch> frozen(const std::vector<Shown>& all) {
  auto found =
      stretches(all, [](const CameraFrame& frame) { return frame.repeated && frame.sight != Sight::black; });
  std::erase_if(found, [](const Stretch& one) { return one.end - one.start < frozen_after; });
  return found;
}

std::vector<Stretch> cuts(const std::vector<Shown>& all) {
  std::vector<Stretch> found;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].frame->shot == all[i - 1].frame->shot) continue;
    found.push_back({all[i - 1].frame->number, all[i].frame->number, all[i - 1].time, all[i].time});
  }
  return found;
}

// Shown again, or made of those beside it.
bool made_up(const Shown& shown) {
  return shown.frame->repeated || shown.frame->blended;
}

double repeated_share(const std::vector<Shown>& all) {
  if (all.empty()) return 0;
  const auto count = std::count_if(all.begin(), all.end(), [](const Shown& shown) { return made_up(shown); });
  return static_cast<double>(count) / static_cast<double>(all.size());
}

// Whether pictures are shown again by a rule, so that leaving them out tells the truth.
bool repeats(double share) {
  return share >= least_repeated && share <= most_repeated;
}

// How fast the picture's middle moves over what it shows, px/s.
std::vector<double> speeds(const std::vector<Shown>& all, float width, float height) {
  std::vector<double> found;
  const types::Keypoint middle{width / 2, height / 2, 1};
  std::size_t before = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    while (before + 1 < i && all[i].time - all[before + 1].time >= steps_apart) ++before;
    const auto& [now, time] = all[i];
    const auto& [then, earlier] = all[before];
    if (time - earlier < steps_apart || time - earlier > 2 * steps_apart || now->shot != then->shot ||
        now->sight != Sight::seen || then->sight != Sight::seen)
      continue;
    if (now->view == then->view) {
      found.push_back(0);
      continue;
    }
    const auto moved = types::moved(types::after(now->view, types::inverse(then->view)), middle);
    found.push_back(std::hypot(moved.x - middle.x, moved.y - middle.y) / (time - earlier));
  }
  return found;
}

types::Sentence::Times times_of(const std::vector<Stretch>& all) {
  types::Sentence::Times out;
  for (const Stretch& one : all) out.emplace_back(one.start, one.end);
  return out;
}

void tell_warnings(CameraAccount& account, double pictures, bool blended) {
  const auto tell = [&](const char* code, const std::vector<Stretch>& when) {
    if (!when.empty()) account.warnings.push_back(said(code, {{"times", times_of(when)}}));
  };
  tell("cuts", account.cuts);
  tell("camera_lost", account.lost);
  tell("black", account.black);
  tell("frozen", account.frozen);
  if (account.new_pictures > 0)
    account.warnings.push_back(
        said(blended ? "blended" : "repeated", {{"pictures", pictures}, {"new", account.new_pictures}}));
}

bool touches(const Stretch& stretch, double from, double to) {
  return stretch.start <= to && stretch.end >= from;
}

// Why the motion in the last moments before the hit is not what it seems.
void tell_doubt(const std::vector<Shown>& all, double hit, CameraAccount& account) {
  const double from = hit - last_moments;
  double known = 0;
  double count = 0;
  for (const auto& [frame, time] : all) {
    if (time < from || time > hit) continue;
    ++count;
    known += frame->sight == Sight::seen ? 1 : 0;
  }
  account.trust = count > 0 ? known / count : 1;
  const auto add = [&](const types::Said& why) { account.doubt = joined(account.doubt, why); };
  // Where it is cut again and again, the last one says it.
  const auto last = std::find_if(account.cuts.rbegin(), account.cuts.rend(),
                                 [&](const Stretch& cut) { return touches(cut, from, hit); });
  if (last != account.cuts.rend()) add(said("cut_before_hit", {{"by", hit - last->end}}));
  for (const Stretch& frozen : account.frozen)
    if (touches(frozen, hit - looked_at, hit))
      add(said("still_before_hit", {{"from", frozen.start}, {"to", frozen.end}}));
  if (account.trust < least_known) add(said("camera_unknown", {{"percent", 100 * account.trust}}));
}

// pictures: new ones a second. Of a few, or of slow motion, no speed is what it was.
void tell_slowness(double pictures, CameraAccount& account) {
  if (pictures <= 0 || pictures >= least_pictures) return;
  account.doubt =
      joined(account.doubt, said("few_pictures", {{"count", pictures}, {"needed", least_pictures}}));
}

void hide(TrackPoint& point) {
  point.seen = point.reliable = false;
  point.keypoints = {};
}

}  // namespace

Tracks on_piste(const Tracks& tracks, const CameraMotion& motion, double hit) {
  Tracks out = tracks;
  const auto all = shown(tracks, motion);
  const int shot = shot_of(all, hit);
  const double share = repeated_share(all);
  const bool again = repeats(share);
  const auto held_up = share <= most_repeated ? frozen(all) : std::vector<Stretch>{};
  for (const types::Side side : types::both_sides) {
    auto& points = out[side].points;
    types::to_places(points, motion);
    for (TrackPoint& point : points) {
      const CameraFrame* frame = motion.at(point.number);
      if (!frame) continue;
      if (frame->shot != shot) hide(point);
      const bool frozen = std::ranges::any_of(
          held_up, [&](const Stretch& one) { return touches(one, point.time, point.time); });
      if (frozen || (again && (frame->repeated || frame->blended))) point.keypoints = {};
    }
  }
  return out;
}

CameraAccount account_of(const Tracks& tracks, const CameraMotion& motion, double hit, int width,
                         int height) {
  CameraAccount account;
  const auto all = shown(tracks, motion);
  if (all.empty()) return account;
  account.moved =
      std::any_of(all.begin(), all.end(), [](const Shown& shown) { return !shown.frame->view.still(); });
  const auto fast = speeds(all, static_cast<float>(width), static_cast<float>(height));
  account.speed_median = quantile(fast, .5) / width;
  account.speed_most = quantile(fast, .95) / width;
  std::vector<double> errors;
  for (const auto& [frame, time] : all) {
    account.zoom_least = std::min(account.zoom_least, frame->view.zoom());
    account.zoom_most = std::max(account.zoom_most, frame->view.zoom());
    if (frame->sight == Sight::seen) errors.push_back(frame->error);
  }
  account.error = quantile(errors, .5);
  account.cuts = cuts(all);
  account.lost = stretches(all, [](const CameraFrame& frame) { return frame.sight == Sight::lost; });
  account.black = stretches(all, [](const CameraFrame& frame) { return frame.sight == Sight::black; });
  account.frozen = frozen(all);
  const double share = repeated_share(all);
  const double length = all.back().time - all.front().time;
  const double pictures = length > 0 ? static_cast<double>(all.size() - 1) / length : 0;
  if (repeats(share)) account.new_pictures = pictures * (1 - share);
  tell_warnings(account, pictures,
                std::ranges::any_of(all, [](const Shown& shown) { return shown.frame->blended; }));
  tell_doubt(all, hit, account);
  tell_slowness(account.new_pictures > 0 ? account.new_pictures : pictures, account);
  return account;
}

}  // namespace piste::camera
