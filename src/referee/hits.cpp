#include "referee/hits.h"

#include <algorithm>

#include "types/said.h"

namespace piste::referee {
namespace {

using types::Side;
using types::Touch;
using types::Weapon;

constexpr double kRounding = 1e-6;   // s: of the log's decimal times
constexpr double kLogMargin = 0.15;  // s: both-lamps logs of 200 ms boxes show gaps up to .311 s

double latest_second_hit(const types::Phrase& phrase, double first, Weapon weapon) {
  const double rule = lockout_of(weapon).latest;
  if (weapon == Weapon::epee) return rule;
  const double stated = phrase.lockout ? phrase.lockout->start + phrase.lockout->length - first : 0;
  return std::max(rule, stated) + kLogMargin;
}

Hits decided(Hits hits, types::Winner winner, Rule rule, types::ReasonCode code) {
  hits.winner = winner;
  hits.rule = rule;
  hits.reason = code.side ? types::said(code.code, {{"who", *code.side}}) : types::said(code.code);
  hits.code = std::move(code);
  return hits;
}

Hits judge_single(Hits hits, const Touch& touch) {
  if (!touch.valid)
    return decided(std::move(hits), types::Winner::none, Rule::off_target, {"off_target", touch.scorer});
  return decided(std::move(hits), types::winner_of(touch.scorer), Rule::single_hit,
                 {"single_light", touch.scorer});
}

Hits judge_epee(Hits hits) {
  if (hits.too_late) {
    const Side first = types::opposite(*hits.too_late);
    return decided(std::move(hits), types::winner_of(first), Rule::too_late, {"first_hit", first});
  }
  return decided(std::move(hits), types::Winner::both, Rule::double_hit, {"double_hit", {}});
}

// Foil: where right of way cannot change anything, both white lamps.
Hits judge_two(Hits hits, Weapon weapon, const Touch& first) {
  if (weapon == Weapon::epee) return judge_epee(std::move(hits));
  if (hits.too_late) return judge_single(std::move(hits), first);
  if (!hits.valid.left && !hits.valid.right)
    return decided(std::move(hits), types::Winner::none, Rule::off_target, {"both_off_target", {}});
  hits.right_of_way = true;
  return hits;
}

}  // namespace

Hits judge_hits(const types::Phrase& phrase, Weapon weapon) {
  std::vector<Touch> touches;
  for (const Touch& touch : phrase.touches)
    if (touch.valid || weapon == Weapon::foil) touches.push_back(touch);  // elsewhere it does not show
  Hits hits;
  if (touches.empty()) return decided(hits, types::Winner::none, Rule::no_hit, {"no_light", {}});
  std::sort(touches.begin(), touches.end(), [](const Touch& a, const Touch& b) { return a.time < b.time; });
  hits.first = touches.front().time;
  for (const Touch& touch : touches) hits.valid[touch.scorer] |= touch.valid;
  const auto other = std::find_if(touches.begin(), touches.end(),
                                  [&](const Touch& t) { return t.scorer != touches.front().scorer; });
  if (other == touches.end()) return judge_single(std::move(hits), touches.front());
  if (other->time - *hits.first > latest_second_hit(phrase, *hits.first, weapon) + kRounding) {
    hits.too_late = other->scorer;
    hits.valid[other->scorer] = false;
  }
  return judge_two(std::move(hits), weapon, touches.front());
}

}  // namespace piste::referee
