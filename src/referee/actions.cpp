#include "referee/actions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "referee/footwork.h"

namespace piste::referee {
namespace {

using types::opposite;
using types::PerSide;
using types::Side;

constexpr double kSwing = 0.2;      // s before a contact in which the fencers' speeds are taken
constexpr double kFollow = 0.1;     // s after it until a body that has lost its attack stands
constexpr double kFollowed = 0.35;  // s after it until which the speeds are taken
constexpr double kArrive = 0.3;     // s before the touch by which an attack that hits may have ended

// --- attacks ---

std::size_t fastest_in(const Series& hips, std::size_t first, std::size_t last) {
  std::size_t best = first;
  for (std::size_t i = first; i <= last; ++i)
    if (hips[i].speed > hips[best].speed) best = i;
  return best;
}

const Span* lunge_within(const std::vector<Span>& lunges, const Span& advance) {
  for (const Span& lunge : lunges)
    if (lunge.first <= advance.last && lunge.last >= advance.first) return &lunge;
  return nullptr;
}

// An advance that ends in a lunge or gets fast. It begins where it no longer was slow: what comes before is
// preparation.
std::optional<Span> attack_in(const Series& hips, const Span& advance, const std::vector<Span>& lunges) {
  const Span* lunge = lunge_within(lunges, advance);
  const std::size_t peak = fastest_in(hips, advance.first, advance.last);
  const double by_speed = above(hips[peak].speed, kAttackSpeed);
  if (!lunge && by_speed < 0.5) return std::nullopt;
  std::size_t start = peak;
  while (start > advance.first && hips[start - 1].speed >= kPreparing - kSpeedError) --start;
  Span attack{Act::attack, advance.side, start, advance.last};
  attack.confidence = std::max(by_speed, lunge ? lunge->confidence : 0) * advance.confidence;
  if (lunge) attack.last = std::max(attack.last, std::min(lunge->last, hips.size() - 1));
  return attack;
}

struct Fencer {
  std::vector<Span> footwork;
  std::vector<Span> lunges;
  std::vector<Span> attacks;
};

Fencer fencer_of(const Kinematics& motion, Side side) {
  Fencer out{find_footwork(motion, side), find_lunges(motion, side), {}};
  for (const Span& span : out.footwork) {
    if (span.act != Act::advance) continue;
    if (const auto attack = attack_in(motion.fencers[side].hips, span, out.lunges))
      out.attacks.push_back(*attack);
  }
  return out;
}

// The attack that is under way at the touch, or has just arrived.
Span* final_attack(Fencer& fencer, std::size_t touch) {
  for (auto attack = fencer.attacks.rbegin(); attack != fencer.attacks.rend(); ++attack)
    if (attack->first <= touch) return attack->last >= earlier(touch, kArrive) ? &*attack : nullptr;
  return nullptr;
}

// --- the blade ---

// The last contact that can have decided, as an index of the clock.
std::optional<std::size_t> deciding_contact(const Kinematics& motion, const std::vector<double>& contacts) {
  const double touch = motion.times[motion.touch];
  for (auto time = contacts.rbegin(); time != contacts.rend(); ++time) {
    const double before = touch - *time;
    if (before < kShortestRiposte) continue;
    if (before > kLongestRiposte || steps(before) >= motion.touch) break;
    return motion.touch - steps(before);
  }
  return std::nullopt;
}

struct Swing {
  PerSide<double> before, after;  // mean speed of the hips
};

Swing swing_at(const Kinematics& motion, std::size_t contact) {
  Swing out;
  for (const Side side : types::both_sides) {
    const Series& hips = motion.fencers[side].hips;
    out.before[side] = mean_speed(hips, earlier(contact, kSwing), contact);
    const std::size_t from = std::min(contact + steps(kFollow), motion.touch);
    out.after[side] = mean_speed(hips, from, std::min(contact + steps(kFollowed), motion.touch));
  }
  return out;
}

// Where the fencer first goes forward after the contact.
std::size_t goes_forward(const Series& hips, std::size_t contact, std::size_t touch) {
  std::size_t at = contact;
  while (at < touch && hips[at].speed < kStopped) ++at;
  return at;
}

// Who took the blade goes on forward while the other no longer does: a parry if the other had been attacking,
// a beat if the taker had. Where both go on, or neither, the contact tells nothing.
// True when an attack was parried.
bool add_blade(const Kinematics& motion, const Box& box, std::vector<Span>& out) {
  const auto contact = deciding_contact(motion, box.contacts);
  if (!contact) return false;
  const Swing swing = swing_at(motion, *contact);
  for (const Side taker : types::both_sides) {
    const Side other = opposite(taker);
    const double sure = above(swing.after[taker], kStopped) * above(kStopped, swing.after[other]);
    if (sure < 0.5) continue;
    const bool parried = swing.before[other] > swing.before[taker];
    const std::size_t end = std::min(*contact + steps(kFollow), motion.touch);
    out.push_back({parried ? Act::parry : Act::beat, taker, *contact, end, sure});
    if (!parried) return false;
    const std::size_t start = goes_forward(motion.fencers[taker].hips, *contact, motion.touch);
    out.push_back({Act::riposte, taker, start, motion.touch, sure});
    if (box.hit[other]) out.push_back({Act::remise, other, *contact, motion.touch, sure});
    return true;
  }
  return false;
}

// --- between the fencers ---

// A fencer whose forward action begins a reaction time after the other's attack, or who hits without one, has
// counter-attacked.
void judge_counter(const PerSide<Span*>& attacks, Side side, const Kinematics& motion, const Box& box,
                   std::vector<Span>& out) {
  const Span* own = attacks[side];
  const Span* into = attacks[opposite(side)];
  if (!into || !box.hit[side]) return;
  if (own && own->first < into->first + steps(kReaction)) return;
  const std::size_t start = own ? own->first : earlier(motion.touch, kArrive);
  if (start <= into->first) return;
  const double sure =
      own ? own->confidence : 1 - above(motion.fencers[side].hips[motion.touch].speed, kAttackSpeed);
  out.push_back({Act::counter_attack, side, start, std::max(start, motion.touch), sure * into->confidence});
}

// Not seen in displacements: they lose where a joint is relative to another.
bool arm_in_line(const FencerMotion& fencer, std::size_t i) {
  const Motion& shoulder = fencer[Part::front_shoulder][i];
  const Motion& elbow = fencer[Part::front_elbow][i];
  const Motion& wrist = fencer[Part::front_wrist][i];
  if (!shoulder.known || !elbow.known || !wrist.known) return false;
  const auto length = [](const Motion& a, const Motion& b) {
    return std::hypot(a.forward - b.forward, a.up - b.up);
  };
  const double arm = length(shoulder, elbow) + length(elbow, wrist);
  return length(shoulder, wrist) > kStraight * arm && arm > kTorso / 2 && wrist.up > shoulder.up - kInLine &&
         wrist.forward > shoulder.forward && fencer.hips[i].speed < kPreparing;
}

// A straight arm that stood before the other's attack began, and until the touch.
void add_line(const Kinematics& motion, Side side, const Span* into, std::vector<Span>& out) {
  const FencerMotion& fencer = motion.fencers[side];
  const bool visible = !motion.displacements && !fencer[Part::front_shoulder].empty() &&
                       !fencer[Part::front_elbow].empty() && !fencer[Part::front_wrist].empty();
  if (!visible || !into) return;
  std::size_t first = motion.touch + 1;
  while (first > 0 && arm_in_line(fencer, first - 1)) --first;
  if (first + steps(kLineTime) > motion.touch || first >= into->first) return;
  out.push_back({Act::point_in_line, side, first, motion.touch,
                 part_known(fencer[Part::front_wrist], first, motion.touch) * into->confidence});
}

bool in_order(const Span& a, const Span& b) {
  if (a.first != b.first) return a.first < b.first;
  if (a.last != b.last) return a.last < b.last;
  return a.side != b.side ? a.side == Side::left : a.act < b.act;
}

}  // namespace

std::string_view to_string(Act act) {
  constexpr std::array<std::string_view, 11> names{"advance", "retreat",        "pause",        "attack",
                                                   "lunge",   "parry",          "beat",         "riposte",
                                                   "remise",  "counter_attack", "point_in_line"};
  return names[static_cast<std::size_t>(act)];
}

std::vector<Span> find_actions(const Kinematics& motion, const Box& box) {
  PerSide<Fencer> fencers{fencer_of(motion, Side::left), fencer_of(motion, Side::right)};
  PerSide<Span*> attacks;
  std::vector<Span> out;
  for (const Side side : types::both_sides) attacks[side] = final_attack(fencers[side], motion.touch);
  const bool parried = add_blade(motion, box, out);
  for (const Side side : types::both_sides) {
    if (!parried) judge_counter(attacks, side, motion, box, out);
    add_line(motion, side, attacks[opposite(side)], out);
  }
  for (const Side side : types::both_sides)
    for (const auto* spans : {&fencers[side].footwork, &fencers[side].lunges, &fencers[side].attacks})
      out.insert(out.end(), spans->begin(), spans->end());
  std::sort(out.begin(), out.end(), in_order);
  return out;
}

std::vector<types::Action> described(const std::vector<Span>& spans, const Kinematics& motion) {
  std::vector<types::Action> out;
  for (const Span& span : spans)
    out.push_back({std::string(to_string(span.act)), span.side, motion.times[span.first],
                   motion.times[span.last], motion.frames[span.first], motion.frames[span.last],
                   span.confidence});
  return out;
}

std::optional<types::Began> who_began(const std::vector<Span>& spans, const Kinematics& motion) {
  PerSide<const Span*> last;
  for (const Side side : types::both_sides) {
    last[side] = last_of(spans, Act::advance, side, motion);
    if (last[side] && last[side]->last < earlier(motion.touch, kArrive)) last[side] = nullptr;
  }
  if (!last.left && !last.right) return std::nullopt;
  if (last.left && last.right && last.left->first == last.right->first) return std::nullopt;
  const bool left = last.left && (!last.right || last.left->first < last.right->first);
  const Side side = left ? Side::left : Side::right;
  const std::size_t at = last[side]->first;
  const Span* other = last[opposite(side)];
  return types::Began{side, motion.times[at], motion.frames[at],
                      other ? std::optional(motion.times[other->first] - motion.times[at]) : std::nullopt};
}

const Span* last_of(const std::vector<Span>& spans, Act act, Side side, const Kinematics& motion) {
  for (auto span = spans.rbegin(); span != spans.rend(); ++span)
    if (span->act == act && span->side == side && span->first <= motion.touch) return &*span;
  return nullptr;
}

}  // namespace piste::referee
