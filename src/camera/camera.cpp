#include "camera/camera.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "base/median.h"
#include "camera/alignment.h"
#include "camera/landmarks.h"
#include "camera/pyramid.h"
#include "camera/quantile.h"

namespace piste::camera {
namespace {

using types::CameraFrame;
using types::CameraMotion;
using types::Sight;
using types::View;

constexpr double still_band = .6;  // likewise, of a whole shot: what a coder's key pictures move it
constexpr double dead_band = .15;  // px of level 0: what noise and compression move a picture that stands
constexpr double overlap = .6;     // of a key's landmarks still in the picture: less, and another takes over
constexpr double unhidden = .35;   // likewise, in the picture and not behind people
constexpr double most_zoom_a_step = 1.12;     // likewise
constexpr double of_good = .5;                // likewise, of those in the picture that look as they did
constexpr int patience = 60;                  // frames after a break in which the old shot may come back
constexpr int hurry = 6;                      // of them looked at one by one, later every third
constexpr std::size_t shortest_shot = 3;      // frames: less is no shot, but a swing or a flash
constexpr std::size_t fewest_landmarks = 16;  // of a picture that others can be laid on
constexpr double dark = 14;                   // mean grey of a black picture, of 255
constexpr double flat = 5;                    // and its deviation
constexpr double same = .12;              // mean difference, grey levels, of a picture that is shown again
constexpr double goes_on = .5;            // of the usual change, around pictures that are shown again, ...
constexpr double jumps = 1.5;             // ... and behind them, where the motion was well under way by then
constexpr double same_anywhere = 1.2;     // and of any 8 x 8 px of it
constexpr float moves = 6;                // grey levels, of 8 x 8 px where something moves
constexpr int fewest_moving = 3;          // of those blocks: fewer tell nothing
constexpr std::size_t longest_blend = 8;  // pictures from one that is not blended to the next
constexpr std::size_t fewest_bends = 6;   // of pictures at each place between the two
constexpr double straight = .3;           // bend of a blended picture, ...
constexpr double bent = .6;               // ... and of one that is not

struct Key {
  std::vector<Landmark> landmarks;
  View world;  // of the shot's first picture in this one, px of level 0
  View told;   // of the shot's first picture in the latest one: the dead band lies around it
  View last;   // of this one in the latest picture
  View step;   // and how it changed there
  int shot = 0;
  std::size_t held = 0;  // pictures that were laid on it, or on those before it in its shot
};

// How far the picture's corners are from one view to another.
double apart(const View& one, const View& other, const cv::Size& size) {
  const View view = types::after(one, types::inverse(other));
  double most = 0;
  for (const double x : {0., static_cast<double>(size.width)}) {
    for (const double y : {0., static_cast<double>(size.height)}) {
      most = std::max(most,
                      std::hypot(view.a * x - view.b * y + view.x - x, view.b * x + view.a * y + view.y - y));
    }
  }
  return most;
}

bool is_black(const cv::Mat& picture) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(picture, mean, deviation);
  return mean[0] < dark && deviation[0] < flat;
}

// How a picture differs from the one before it: mean grey levels, anywhere and where it is most.
struct Change {
  double mean = 255;
  double most = 255;
  bool none() const { return mean < same && most < same_anywhere; }  // but for the noise of a coder
};

Change change_of(const cv::Mat& now, const cv::Mat& before) {
  if (before.size() != now.size()) return {};
  constexpr int block = 8;
  Change change{0, 0};
  for (int top = 0; top + block <= now.rows; top += block) {
    for (int left = 0; left + block <= now.cols; left += block) {
      float off = 0;
      for (int y = top; y < top + block; ++y) {
        const auto* a = now.ptr<float>(y) + left;
        const auto* b = before.ptr<float>(y) + left;
        for (int x = 0; x < block; ++x) off += std::abs(a[x] - b[x]);
      }
      change.mean += off / static_cast<double>(now.total());
      change.most = std::max(change.most, static_cast<double>(off) / (block * block));
    }
  }
  return change;
}

// How far what moves in a picture is off the middle of the pictures before and after it.
double bend_of(const cv::Mat& before, const cv::Mat& now, const cv::Mat& after) {
  if (before.size() != now.size() || after.size() != now.size()) return -1;
  constexpr int block = 8;
  double off = 0;
  double way = 0;
  int moving = 0;
  for (int top = 0; top + block <= now.rows; top += block) {
    for (int left = 0; left + block <= now.cols; left += block) {
      float block_off = 0;
      float block_way = 0;
      for (int y = top; y < top + block; ++y) {
        const auto* a = before.ptr<float>(y) + left;
        const auto* b = now.ptr<float>(y) + left;
        const auto* c = after.ptr<float>(y) + left;
        for (int x = 0; x < block; ++x) {
          block_off += std::abs(a[x] + c[x] - 2 * b[x]);
          block_way += std::abs(c[x] - a[x]);
        }
      }
      if (block_way < moves * block * block) continue;
      ++moving;
      off += static_cast<double>(block_off);
      way += static_cast<double>(block_way);
    }
  }
  return moving < fewest_moving ? -1 : off / way;
}

}  // namespace

struct Camera::State {
  void look(const types::Frame& frame, std::span<const types::BoundingBox> people);
  void place(CameraFrame& found, const Pyramid& picture, std::span<const cv::Rect2f> people);
  std::optional<Alignment> lay_on(Key& key, const Pyramid& picture, std::span<const cv::Rect2f> people,
                                  bool late) const;
  View settled(Key& on, const Alignment& found) const;
  void begin_shot(CameraFrame& found, const Pyramid& picture, std::span<const cv::Rect2f> people);
  void renew(const Alignment& on, const Pyramid& picture, std::span<const cv::Rect2f> people);
  bool come_back(CameraFrame& found, const Pyramid& picture, std::span<const cv::Rect2f> people);
  std::vector<cv::Rect2f> in_small(std::span<const types::BoundingBox> people) const;
  View in_received(const View& small) const;
  void add(const CameraFrame& found);

  double scale = 1;   // received pixels in one of level 0
  double origin = 0;  // received pixels: the middle of level 0's first pixel
  cv::Size size;      // of level 0
  std::optional<Key> key;
  std::optional<Key> before;  // of the shot that broke off
  int waited = 0;             // pictures since then
  std::int64_t latest = -1;   // frame number
  cv::Mat last_picture;
  cv::Mat picture_before;           // the last one
  std::vector<CameraFrame> frames;  // by number; views in pixels of level 0
};

std::vector<cv::Rect2f> Camera::State::in_small(std::span<const types::BoundingBox> people) const {
  std::vector<cv::Rect2f> boxes;
  const auto small = [this](float value) {
    return static_cast<float>((static_cast<double>(value) - origin) / scale);
  };
  for (const auto& box : people) {
    const cv::Point2f low(small(box.left), small(box.top));
    boxes.emplace_back(low, cv::Point2f(small(box.right), small(box.bottom)));
  }
  return boxes;
}

View Camera::State::in_received(const View& small) const {
  if (small.still()) return small;
  View view = small;
  view.x = scale * small.x + origin - (small.a * origin - small.b * origin);
  view.y = scale * small.y + origin - (small.b * origin + small.a * origin);
  return view;
}

void Camera::State::add(const CameraFrame& found) {
  const auto after =
      std::upper_bound(frames.begin(), frames.end(), found.number,
                       [](std::int64_t number, const CameraFrame& frame) { return number < frame.number; });
  frames.insert(after, found);
}

void Camera::State::look(const types::Frame& frame, std::span<const types::BoundingBox> people) {
  const Pyramid picture = make_pyramid(frame.image);
  if (size.empty()) {
    size = picture.base().size();
    scale = picture.step / frame.scale;
    origin = (picture.step - 1) / 2. / frame.scale;
  }
  const bool late = frame.number < latest;
  CameraFrame found;
  found.number = frame.number;
  if (!late) {
    const Change change = change_of(picture.base(), last_picture);
    found.repeated = change.none();
    found.change = last_picture.empty() ? 0 : change.most;
  }
  if (picture.base().size() != size) {
    found.sight = Sight::lost;
    found.shot = frames.back().shot;
  } else {
    place(found, picture, in_small(people));
  }
  if (!late) {
    if (!frames.empty()) frames.back().bend = bend_of(picture_before, last_picture, picture.base());
    latest = frame.number;
    picture_before = std::exchange(last_picture, picture.base());
  }
  add(found);
}

void Camera::State::place(CameraFrame& found, const Pyramid& picture, std::span<const cv::Rect2f> people) {
  const bool late = found.number < latest;
  found.shot = key ? key->shot : 0;
  if (is_black(picture.base())) {
    found.sight = Sight::black;
    found.repeated = false;
    return;
  }
  if (!key) return begin_shot(found, picture, people);
  const auto on = lay_on(*key, picture, people, late);
  if (on) {
    found.view = settled(*key, *on);
    found.error = on->error;
    if (late) return;
    if (before && come_back(found, picture, people)) return;
    renew(*on, picture, people);
  } else if (late) {
    found.sight = Sight::lost;
  } else {
    if (!before || key->held >= shortest_shot) {
      before = std::move(key);
      waited = 0;
    }
    begin_shot(found, picture, people);
    come_back(found, picture, people);
  }
}

// The picture on the key: first where it should be by the motion so far, then anywhere.
std::optional<Alignment> Camera::State::lay_on(Key& on, const Pyramid& picture,
                                               std::span<const cv::Rect2f> people, bool late) const {
  Alignment found = align(on.landmarks, picture, people, types::after(on.step, on.last));
  if (!found.holds()) found = align(on.landmarks, picture, people, on.last);
  if (!found.holds()) {
    found = align(on.landmarks, picture, people, on.last, {.wide = true});
    if (!found.holds_anywhere()) return std::nullopt;
  }
  if (!late) {
    on.step = types::after(found.view, types::inverse(on.last));
    on.last = found.view;
    ++on.held;
  }
  return found;
}

// Of the shot's first picture in the one that was laid on the key. What lies within the dead band of where
// the camera was told to look is told to be there.
View Camera::State::settled(Key& on, const Alignment& found) const {
  const View view = types::after(found.view, on.world);
  if (apart(view, on.told, size) >= dead_band) on.told = view;
  return on.told;
}

void Camera::State::begin_shot(CameraFrame& found, const Pyramid& picture,
                               std::span<const cv::Rect2f> people) {
  if (!frames.empty()) found.shot = frames.back().shot + 1;
  key = Key{find_landmarks(picture, people), {}, {}, {}, {}, found.shot, 1};
  if (key->landmarks.size() < fewest_landmarks) found.sight = Sight::lost;
}

// Another key where this one is about to leave the picture.
void Camera::State::renew(const Alignment& on, const Pyramid& picture, std::span<const cv::Rect2f> people) {
  const auto all = static_cast<double>(key->landmarks.size());
  const auto visible = static_cast<double>(on.visible);
  const double zoom = on.view.zoom();
  const bool holds = static_cast<double>(on.inside) >= overlap * all && visible >= unhidden * all &&
                     static_cast<double>(on.good) >= of_good * visible && zoom < most_zoom_a_step &&
                     zoom > 1 / most_zoom_a_step;
  if (holds) return;
  auto landmarks = find_landmarks(picture, people);
  // A blurred picture, or one that somebody hides, makes a bad key.
  if (landmarks.size() * 2 < key->landmarks.size()) return;
  *key = Key{std::move(landmarks),
             types::after(on.view, key->world),
             key->told,
             {},
             key->step,
             key->shot,
             key->held};
}

// The shot that broke off, seen again: then all since is of it.
bool Camera::State::come_back(CameraFrame& found, const Pyramid& picture,
                              std::span<const cv::Rect2f> people) {
  if (++waited > patience) {
    before.reset();
    return false;
  }
  if (waited > hurry && waited % 3 != 0) return false;
  const auto on = lay_on(*before, picture, people, false);
  if (!on) return false;
  const View old_view = settled(*before, *on);
  const View change = types::after(types::inverse(found.view), old_view);
  for (auto last = frames.rbegin(); last != frames.rend() && last->shot > before->shot; ++last) {
    CameraFrame& frame = *last;
    // Of those in between, only what was seen on the key of now lies where that lies.
    if (frame.shot == found.shot) {
      frame.view = types::after(frame.view, change);
    } else {
      frame.sight = Sight::lost;
    }
    frame.shot = before->shot;
  }
  found.view = old_view;
  found.shot = before->shot;
  key = std::exchange(before, std::nullopt);
  return true;
}

namespace {

// Where nothing moves, a coder repeats pictures too: only where the motion goes on before and after, or has
// gone on meanwhile, was the picture held up.
void drop_idle_repeats(std::vector<CameraFrame>& frames) {
  std::vector<double> changes;
  for (std::size_t i = 1; i < frames.size(); ++i)
    if (!frames[i].repeated && frames[i].change > 0) changes.push_back(frames[i].change);
  if (changes.empty()) return;
  const double usual = base::median(std::move(changes));
  const double least = goes_on * usual;
  for (std::size_t first = 1; first < frames.size();) {
    std::size_t end = first;
    while (end < frames.size() && frames[end].repeated) ++end;
    const bool held_up =
        end < frames.size() && (frames[end].change >= jumps * usual ||
                                (frames[first - 1].change >= least && frames[end].change >= least));
    for (std::size_t i = first; i < end; ++i) frames[i].repeated = held_up;
    first = end + 1;
  }
}

// Which of every `period` pictures is none that was made of those beside it; nullopt where that is not so.
std::optional<std::size_t> unblended(const std::vector<CameraFrame>& frames, std::size_t period) {
  std::vector<std::vector<double>> bends(period);
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (frames[i].bend >= 0) bends[i % period].push_back(frames[i].bend);
  std::optional<std::size_t> found;
  for (std::size_t place = 0; place < period; ++place) {
    if (bends[place].size() < fewest_bends) return std::nullopt;
    if (quantile(bends[place], .75) <= straight) continue;
    if (found || quantile(bends[place], .25) < bent) return std::nullopt;
    found = place;
  }
  return found;
}

// Slow motion and other rates are made by blending: then all pictures but one of so many are made up.
void mark_blended(std::vector<CameraFrame>& frames) {
  for (std::size_t period = 2; period <= longest_blend; ++period) {
    const auto own = unblended(frames, period);
    if (!own) continue;
    for (std::size_t i = 0; i < frames.size(); ++i) frames[i].blended = i % period != *own;
    return;
  }
}

// A shot in which the camera never looks further aside than a coder could make it seem.
void stand_still(std::vector<CameraFrame>& frames, const cv::Size& size) {
  for (auto first = frames.begin(); first != frames.end();) {
    const auto end = std::find_if(first, frames.end(),
                                  [&](const CameraFrame& frame) { return frame.shot != first->shot; });
    if (std::all_of(first, end,
                    [&](const CameraFrame& frame) { return apart(frame.view, {}, size) < still_band; }))
      std::for_each(first, end, [](CameraFrame& frame) { frame.view = {}; });
    first = end;
  }
}

// Shots of a frame or two are none: what they show belongs to nothing.
void drop_short_shots(std::vector<CameraFrame>& frames) {
  for (std::size_t first = 0; first < frames.size();) {
    std::size_t end = first;
    std::size_t seen = 0;
    for (; end < frames.size() && frames[end].shot == frames[first].shot; ++end)
      seen += frames[end].sight == Sight::seen ? 1 : 0;
    if (seen < std::min(shortest_shot, frames.size())) {
      for (std::size_t i = first; i < end; ++i) {
        frames[i].sight = frames[i].sight == Sight::black ? Sight::black : Sight::lost;
        frames[i].shot = -1;
      }
    }
    first = end;
  }
}

View between(const View& a, const View& b, double share) {
  return {std::lerp(a.a, b.a, share), std::lerp(a.b, b.b, share), std::lerp(a.x, b.x, share),
          std::lerp(a.y, b.y, share)};
}

// What was not seen lies between what was: of the shot before, and in the end of the one after.
void fill_in(std::vector<CameraFrame>& frames) {
  const auto seen = [](const CameraFrame& frame) { return frame.sight == Sight::seen; };
  auto before = frames.end();
  auto next = frames.begin();
  for (auto frame = frames.begin(); frame != frames.end(); ++frame) {
    if (seen(*frame)) {
      before = frame;
      continue;
    }
    if (next < frame) next = std::find_if(frame, frames.end(), seen);
    if (before == frames.end() && next == frames.end()) continue;
    const auto& near = before == frames.end() ? *next : *before;
    frame->shot = near.shot;
    frame->view = near.view;
    if (before == frames.end() || next == frames.end() || next->shot != before->shot) continue;
    const double share = static_cast<double>(frame->number - before->number) /
                         static_cast<double>(next->number - before->number);
    frame->view = between(before->view, next->view, share);
  }
}

// Counted without holes, from 0.
void number_shots(std::vector<CameraFrame>& frames) {
  int shot = -1;
  int old = -2;
  for (CameraFrame& frame : frames) {
    if (frame.shot != old) ++shot;
    old = std::exchange(frame.shot, shot);
  }
}

}  // namespace

Camera::Camera() : state_(std::make_unique<State>()) {}
Camera::~Camera() = default;
Camera::Camera(Camera&&) noexcept = default;
Camera& Camera::operator=(Camera&&) noexcept = default;

void Camera::look(const types::Frame& frame, std::span<const types::BoundingBox> people) {
  state_->look(frame, people);
}

void Camera::drop(std::int64_t before) {
  auto& frames = state_->frames;
  const auto kept = std::find_if(frames.begin(), frames.end(),
                                 [&](const CameraFrame& frame) { return frame.number >= before; });
  if (kept != frames.end()) frames.erase(frames.begin(), kept);  // the last one says which shot goes on
}

CameraMotion Camera::motion() const {
  CameraMotion motion{state_->frames};
  stand_still(motion.frames, state_->size);
  for (CameraFrame& frame : motion.frames) {
    frame.view = state_->in_received(frame.view);
    frame.error *= state_->scale;
  }
  drop_idle_repeats(motion.frames);
  mark_blended(motion.frames);
  drop_short_shots(motion.frames);
  fill_in(motion.frames);
  number_shots(motion.frames);
  return motion;
}

}  // namespace piste::camera
