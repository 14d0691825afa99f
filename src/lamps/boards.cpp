#include "lamps/boards.h"

#include <algorithm>
#include <cmath>

namespace piste::lamps {
namespace {

using boxes::LampState;
using types::Side;

constexpr double shines_for = 2.5;   // s before a lamp may come on again
constexpr double pair_counts = 1.5;  // times as much as one lamp alone
constexpr double sure_from = .7;     // score
constexpr double one_phrase = .4;    // s between both lamps, at most: the longest lockout and some
constexpr double echo_within = .5;   // s: repeaters and graphics are that late
constexpr double most_alike = 3;     // times as large one lamp of a box may look as the other
constexpr double widest_box = 12;    // lamps between its lamps
constexpr double close = .35;        // widths of a lamp between it and its side's white one

double middle_x(const Area& area) {
  return area.x + area.width / 2;
}
double middle_y(const Area& area) {
  return area.y + area.height / 2;
}

bool near(const Area& a, const Area& b) {
  const double reach = .75 * std::max({a.width, a.height, b.width, b.height}) + 2;
  return std::abs(middle_x(a) - middle_x(b)) < reach && std::abs(middle_y(a) - middle_y(b)) < reach;
}
bool same_place(const Shine& a, const Shine& b) {
  return near(a.hall, b.hall) || near(a.picture, b.picture);
}

bool alike(double a, double b) {
  return std::max(a, b) <= most_alike * std::min(a, b) + 2;
}
// One box's red lamp and its green one.
bool pair(const Area& red, const Area& green) {
  const double width = std::max(red.width, green.width);
  const double apart = middle_x(green) - middle_x(red);
  return alike(red.width, green.width) && alike(red.height, green.height) && apart > .6 * width &&
         apart < widest_box * width + 4 &&
         std::abs(middle_y(red) - middle_y(green)) < std::max(red.height, green.height) + 1;
}
// A white lamp stands close to the coloured one of its side.
bool belongs(const Area& white, const Area& lamp) {
  const double width = std::max(white.width, lamp.width);
  const double height = std::max(white.height, lamp.height);
  return alike(white.width, lamp.width) && alike(white.height, lamp.height) &&
         std::abs(middle_x(white) - middle_x(lamp)) < 2.5 * width + 1 &&
         std::abs(middle_y(white) - middle_y(lamp)) < 2.5 * height + 1;
}

// Between them, from side to side, in widths of the lamp.
double gap(const Area& white, const Area& lamp) {
  const double between = std::max(white.x - lamp.x - lamp.width, lamp.x - white.x - white.width);
  return between / std::max(1.0, lamp.width);
}

Side side_of(Colour colour) {
  return colour == Colour::red ? Side::left : Side::right;
}

}  // namespace

std::optional<Lit> Boards::known(const Shine& shine) const {
  const bool white = shine.colour == Colour::white;
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    for (const Side side : types::both_sides) {
      const auto& lamp = white ? boards_[i].white[side] : boards_[i].coloured[side];
      if (!lamp || lamp->colour != shine.colour || !same_place(*lamp, shine)) continue;
      return Lit{shine, i, side, white ? LampState::off_target : LampState::valid};
    }
  }
  return std::nullopt;
}

// The other lamp of a box of which one has been seen.
std::optional<Lit> Boards::beside(const Shine& shine) const {
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    const auto& [red, green] = boards_[i].coloured;
    if (shine.colour == Colour::red && green && !red && pair(shine.hall, green->hall))
      return Lit{shine, i, Side::left, LampState::valid};
    if (shine.colour == Colour::green && red && !green && pair(red->hall, shine.hall))
      return Lit{shine, i, Side::right, LampState::valid};
    if (shine.colour != Colour::white) continue;
    const bool by_red = red && belongs(shine.hall, red->hall);
    const bool by_green = green && belongs(shine.hall, green->hall);
    if (!by_red && !by_green) continue;
    const bool left = by_red && by_green ? gap(shine.hall, red->hall) < gap(shine.hall, green->hall)
                      : by_red           ? gap(shine.hall, red->hall) < close
                                         : gap(shine.hall, green->hall) >= close;
    return Lit{shine, i, left ? Side::left : Side::right, LampState::off_target};
  }
  return std::nullopt;
}

bool Boards::completes(const Shine& shine) const {
  if (shine.colour == Colour::white) return false;
  const auto lit = beside(shine);
  if (!lit) return false;
  const auto& other = boards_[lit->board].coloured[types::opposite(lit->side)];
  return other && std::abs(other->time - shine.time) < one_phrase;
}

std::optional<Lit> Boards::take(const Shine& shine) {
  if (const auto lit = known(shine)) return keep(*lit);
  if (const auto lit = beside(shine)) return keep(*lit);
  if (shine.colour == Colour::white) return std::nullopt;
  boards_.emplace_back();
  return keep({shine, boards_.size() - 1, side_of(shine.colour), LampState::valid});
}

std::optional<Lit> Boards::take_blown_out(const Shine& shine) {
  for (const Colour colour : {Colour::red, Colour::green}) {
    Shine coloured = shine;
    coloured.colour = colour;
    if (knows(coloured) || completes(coloured)) return take(coloured);
  }
  return std::nullopt;
}

std::optional<Lit> Boards::take(const Shine& shine, Side side, LampState state) {
  if (boards_.empty()) boards_.emplace_back();
  return keep({shine, 0, side, state});
}

// A side's lamp that came on shines for a while: what else is seen of it then is the same.
bool Boards::is_on(const Lit& lit) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Lit& other) {
    return other.board == lit.board && other.side == lit.side &&
           std::abs(other.shine.time - lit.shine.time) < shines_for;
  });
}

std::optional<Lit> Boards::keep(const Lit& lit) {
  if (is_on(lit)) return std::nullopt;
  Board& board = boards_[lit.board];
  const bool valid = lit.state == LampState::valid;
  (valid ? board.coloured : board.white)[lit.side] = lit.shine;
  double& strength = board.strength[lit.side];
  if (valid) strength = std::max(strength, lit.shine.strength * lit.shine.score * lit.shine.score);
  all_.push_back(lit);
  return lit;
}

// Two that stand as a box's lamps do are hardly ever something else.
double Boards::Board::shines() const {
  const double most = std::max(strength.left, strength.right);
  return std::min(strength.left, strength.right) > 0 ? pair_counts * most : most;
}

std::vector<Lit> Boards::lit_on(std::size_t board) const {
  std::vector<Lit> lit;
  for (const Lit& one : all_) {
    if (one.board == board) lit.push_back(one);
  }
  return lit;
}

// Repeaters, floors and graphics shine with the box's lamps, or a little later.
bool Boards::shows_before(std::size_t one, std::size_t other) const {
  const auto theirs = lit_on(other);
  const auto same = [&](const Lit& late) {
    return std::any_of(all_.begin(), all_.end(), [&](const Lit& early) {
      const double lead = late.shine.time - early.shine.time;
      return early.board == one && early.side == late.side && early.shine.score >= sure_from && lead > 0 &&
             lead < echo_within;
    });
  };
  const auto count = static_cast<std::size_t>(std::count_if(theirs.begin(), theirs.end(), same));
  return count > 0 && count == theirs.size();
}

std::optional<std::size_t> Boards::main() const {
  if (boards_.empty()) return std::nullopt;
  const auto most = std::max_element(boards_.begin(), boards_.end(),
                                     [](const Board& a, const Board& b) { return a.shines() < b.shines(); });
  auto chosen = static_cast<std::size_t>(most - boards_.begin());
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    if (i != chosen && shows_before(i, chosen)) chosen = i;
  }
  return chosen;
}

std::size_t Boards::elsewhere(std::size_t board) const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](const Lit& lit) {
    const auto same = [&](const Lit& ours) {
      return ours.board == board && ours.side == lit.side &&
             std::abs(ours.shine.time - lit.shine.time) < echo_within;
    };
    return lit.board != board && std::none_of(all_.begin(), all_.end(), same);
  }));
}

}  // namespace piste::lamps
