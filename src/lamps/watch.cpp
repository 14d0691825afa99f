#include "lamps/watch.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lamps/likeness.h"

namespace piste::lamps {
namespace {

using boxes::LampState;
using types::Side;

constexpr double before_seconds = .4;
constexpr double after_seconds = .35;
constexpr std::size_t least_before = 5;  // pictures
constexpr std::size_t least_after = 3;
constexpr std::size_t most_pictures = 24;
constexpr std::size_t slack = 6;         // pictures between finding and judging
constexpr std::int64_t settled = 2;      // pictures after which a step has its greatest
constexpr std::int64_t white_waits = 3;  // pictures: a coloured lamp that is blown out is white in its middle
constexpr double remember_each = .19;    // s: .2, as near as pictures come
constexpr double lamp_from = .5;         // score
constexpr double known_from = .15;       // where a lamp is known to be, or marked
constexpr double restless_for = 6;       // s
constexpr double unplaced_for = 10;      // s that a white lamp waits for a coloured one beside it
constexpr double one_moment = .5;        // s
constexpr double marked_margin = .2;     // of a marked area, for a camera that is held in hand
constexpr double most_at_once = 10;      // places where something comes on: beyond it the camera has jumped
constexpr int least_pixels = 16;

std::size_t pictures_in(double seconds, double fps, std::size_t least) {
  const double rate = std::isfinite(fps) && fps > 0 ? fps : 30;
  return std::clamp(static_cast<std::size_t>(std::lround(std::min(seconds * rate, 1000.0))), least,
                    most_pictures);
}

bool overlap(const Box& a, const Box& b) {
  return !common(grown(a, 2), b).empty();
}

Area area_of(const Box& box, const View& view) {
  return {view.from_x(box.left - .5) + .5, view.from_y(box.top - .5) + .5, box.width() * view.scale,
          box.height() * view.scale};
}

// The same in the first picture's cells.
Area back(const Area& area, const View& view) {
  return {view.to_x(area.x - .5) + .5, view.to_y(area.y - .5) + .5, area.width / view.scale,
          area.height / view.scale};
}

Area times(const Area& area, double by) {
  return {area.x * by, area.y * by, area.width * by, area.height * by};
}

bool contains(const Area& area, const Area& other) {
  const double x = other.x + other.width / 2, y = other.y + other.height / 2;
  const double dx = marked_margin * area.width + 1, dy = marked_margin * area.height + 1;
  return x >= area.x - dx && x <= area.x + area.width + dx && y >= area.y - dy &&
         y <= area.y + area.height + dy;
}

double middle(const Area& area) {
  return area.x + area.width / 2;
}

}  // namespace

Watch::Watch(const Options& options)
    : options_(options),
      before_(pictures_in(before_seconds, options.fps, least_before)),
      after_(pictures_in(after_seconds, options.fps, least_after + 1)) {}

void Watch::begin(const Grid& grid) {
  shots_.clear();
  pending_.clear();
  picture_.emplace(Screen::Kind::picture, grid);
  hall_.emplace(Screen::Kind::hall, grid);
}

void Watch::look(const types::Frame& frame, boxes::Events& out) {
  const types::Image& image = frame.image;
  if (image.width < least_pixels || image.height < least_pixels) return;
  SmallPicture small = shrink(image);
  scale_ = frame.scale / small.cell;
  const auto view = camera_.follow(small);
  if (!view) {
    finish(out);
    begin(small.grid);
  }
  shots_.push_back({std::move(small), view.value_or(View{}), frame.number, frame.time});
  const std::size_t kept = before_ + after_ + slack;
  while (shots_.size() > kept + 1) shots_.pop_front();
  picture_->add(shots_, kept);
  hall_->add(shots_, kept);
  ++count_;
  if (shots_.size() > kept && frame.time > remembered_ + remember_each) {
    remembered_ = frame.time;
    picture_->steps().remember(before_);
    if (hall_->active()) hall_->steps().remember(before_);
  }
  search(after_);
  judge_until(count_ - 1 - static_cast<std::int64_t>(after_) - settled, out);
}

void Watch::finish(boxes::Events& out) {
  for (std::size_t after = after_; after-- > least_after;) search(after);
  judge_until(count_, out);
}

// What came on `after` pictures before the newest.
void Watch::search(std::size_t after) {
  if (shots_.size() < after + 1 + least_before) return;
  const std::size_t index = shots_.size() - 1 - after;
  const std::int64_t at = count_ - 1 - static_cast<std::int64_t>(after);
  if (at <= searched_) return;
  searched_ = at;
  for (const auto& screen : {std::ref(*picture_), std::ref(*hall_)}) {
    if (!screen.get().active()) continue;
    const auto spots = screen.get().steps().find({index, std::min(index, before_), after});
    const auto coloured = static_cast<std::size_t>(std::count_if(
        spots.begin(), spots.end(), [](const Spot& spot) { return spot.colour != Colour::white; }));
    for (const Spot& spot : spots) collect({&screen.get(), at, at, spot, after, coloured});
  }
}

void Watch::collect(const Pending& found) {
  for (Pending& known : pending_) {
    const bool same = known.screen == found.screen && known.spot.colour == found.spot.colour &&
                      found.at - known.last <= settled && overlap(known.spot.box, found.spot.box);
    if (!same) continue;
    known.last = found.at;
    if (found.spot.step > known.spot.step) known = found;
    return;
  }
  pending_.push_back(found);
}

// Those that have not grown any more since then.
void Watch::judge_until(std::int64_t at, boxes::Events& out) {
  std::vector<Pending> due;
  const auto ripe = [&](const Pending& one) {
    return one.last + (one.spot.colour == Colour::white ? white_waits : 0) <= at;
  };
  std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(due), ripe);
  pending_.erase(std::remove_if(pending_.begin(), pending_.end(), ripe), pending_.end());
  std::vector<Shine> shines;
  for (const Pending& one : due) {
    if (auto shine = shine_of(one)) shines.push_back(*shine);
  }
  // The first to come on, and of those that came together the one that looks most like a lamp.
  std::sort(shines.begin(), shines.end(), [](const Shine& a, const Shine& b) {
    return std::pair(a.at, -a.score) < std::pair(b.at, -b.score);
  });
  for (const Shine& shine : shines) judge(shine, out);
}

std::optional<Shine> Watch::shine_of(const Pending& pending) const {
  const std::int64_t first = count_ - static_cast<std::int64_t>(shots_.size());
  const Screen& screen = *pending.screen;
  if (pending.at - first < static_cast<std::int64_t>(least_before) || !screen.active()) return std::nullopt;
  const auto at = static_cast<std::size_t>(pending.at - first);
  const Found found{pending.spot, at, std::min(at, before_), pending.after};
  const auto views = screen.views(shots_);
  const Likeness like = likeness(shots_, views, screen.steps(), found);
  if (like.score() <= 0) return std::nullopt;
  const std::size_t on = onset(screen.steps(), found, like.lit);
  const Shot& shot = shots_[on];
  const Area area = area_of(like.lit, views[on]);
  const double certain = std::sqrt(static_cast<double>(pending.after) / static_cast<double>(after_));
  const double calm =
      std::min(1.0, most_at_once / static_cast<double>(std::max<std::size_t>(1, pending.others)));
  return Shine{.colour = like.colour,
               .at = first + static_cast<std::int64_t>(on),
               .frame = shot.number,
               .time = shot.time,
               .error = shot.time - shots_[on - 1].time,
               .hidden = false,
               .picture = area,
               .hall = back(area, shot.view),
               .score = like.score() * certain * calm,
               .strength = std::sqrt(static_cast<double>(like.cells)) * like.step};
}

// The white middle of a coloured lamp.
bool Watch::is_core(const Shine& shine) const {
  if (shine.colour != Colour::white) return false;
  return std::any_of(recent_.begin(), recent_.end(), [&](const Shine& other) {
    const double reach = std::max(other.hall.width, other.hall.height) / 2 + 2;
    return other.colour != Colour::white && std::abs(shine.at - other.at) <= white_waits &&
           std::abs(middle(other.hall) - middle(shine.hall)) < reach &&
           std::abs(other.hall.y + other.hall.height / 2 - shine.hall.y - shine.hall.height / 2) < reach;
  });
}

// Digits and screens change again and again.
bool Watch::is_restless(const Shine& shine) const {
  const auto here = [&](const Shine& other) {
    const double reach = std::max(shine.hall.width, shine.hall.height) / 2 + 2;
    return other.colour == shine.colour && shine.time - other.time > one_moment &&
           std::abs(middle(other.hall) - middle(shine.hall)) < reach &&
           std::abs(other.hall.y - shine.hall.y) < reach;
  };
  return std::any_of(recent_.begin(), recent_.end(), here);
}

void Watch::judge(const Shine& shine, boxes::Events& out) {
  const bool known = options_.places.marked() || boards_.knows(shine) || boards_.completes(shine);
  std::erase_if(recent_, [&](const Shine& old) { return shine.time - old.time > restless_for; });
  const bool restless = is_restless(shine);
  if (is_core(shine)) return;
  recent_.push_back(shine);
  if (shine.score < (known ? known_from : lamp_from) || (restless && !known)) return;
  if (!light(shine, out)) {
    if (shine.colour == Colour::white) unplaced_.push_back(shine);
    return;
  }
  std::erase_if(unplaced_, [&](const Shine& white) {
    return shine.time - white.time > unplaced_for || light(white, out);
  });
}

// Whether it could be told whose lamp it is.
bool Watch::light(const Shine& shine, boxes::Events& out) {
  const auto lit = placed(shine);
  if (lit && lit->board == boards_.main()) tell(*lit, out);
  return lit.has_value();
}

// Whose lamp it is; nullopt where that cannot be told, or nobody asked for it.
std::optional<Lit> Watch::placed(const Shine& shine) {
  const types::LampPlaces& places = options_.places;
  const bool white = shine.colour == Colour::white;
  if (!places.marked()) return white && !places.white ? boards_.take_blown_out(shine) : boards_.take(shine);
  const LampState state = white && places.white ? LampState::off_target : LampState::valid;
  if (places.own) {
    for (const Side side : types::both_sides) {
      if (contains(times(places.own.value()[side], scale_), shine.hall))
        return boards_.take(shine, side, state);
    }
    return std::nullopt;
  }
  const Area box = times(*places.box, scale_);
  if (!contains(box, shine.hall)) return std::nullopt;
  const Side half = middle(shine.hall) < middle(box) ? Side::left : Side::right;
  const Side side = shine.colour == Colour::red     ? Side::left
                    : shine.colour == Colour::green ? Side::right
                                                    : half;
  return boards_.take(shine, side, state);
}

void Watch::tell(const Lit& lit, boxes::Events& out) const {
  boxes::Lamp lamp;
  lamp.side = lit.side;
  lamp.state = lit.state;
  lamp.onset_unknown = lit.shine.hidden;
  boxes::Event& event = out.emplace_back();
  event.what = lamp;
  event.moment = {lit.shine.time, lit.shine.error};
}

std::vector<types::SeenLamp> Watch::sightings() const {
  std::vector<types::SeenLamp> out;
  const auto main = boards_.main();
  if (!main) return out;
  for (const auto& [shine, board, side, state] : boards_.lit_on(*main)) {
    out.push_back({side, state == LampState::valid, shine.frame, shine.time, shine.error, shine.hidden,
                   times(shine.picture, 1 / scale_), std::sqrt(shine.score)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return out;
}

std::size_t Watch::elsewhere() const {
  const auto main = boards_.main();
  return main ? boards_.elsewhere(*main) : 0;
}

}  // namespace piste::lamps
