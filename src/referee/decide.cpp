#include "referee/decide.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "referee/actions.h"
#include "referee/hits.h"
#include "referee/kinematics.h"

namespace piste::referee {
namespace {

using types::Finding;
using types::Side;
using types::Verdict;

std::string seconds(double time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", time);
  return text;
}

std::string capitalised(Side side) {
  return side == Side::left ? "Left" : "Right";
}

// When the fencer last did not go forward, before the touch: an index of the clock.
std::size_t last_stop(const Kinematics& motion, Side side) {
  const Series& hips = motion.fencers[side].hips;
  for (std::size_t i = motion.touch; i > 0; --i)
    if (hips[i].speed < kStopped) return i;
  return 0;
}

double advance(const Kinematics& motion, Side side, double seconds_before) {
  const auto back = static_cast<std::size_t>(seconds_before * kRate);
  const std::size_t from = motion.touch > back ? motion.touch - back : 0;
  return motion.fencers[side].hips[motion.touch].forward - motion.fencers[side].hips[from].forward;
}

Finding finding(const Kinematics& motion, std::size_t at, std::string kind, double value, std::string unit,
                double weight) {
  Finding out;
  out.kind = std::move(kind);
  out.time = motion.times[at];
  out.frame = motion.frames[at];
  out.value = value;
  out.unit = std::move(unit);
  out.weight = std::abs(weight);
  if (weight != 0) out.favours = weight > 0 ? Side::left : Side::right;
  return out;
}

Verdict from_lamps(const Hits& hits, const Options& options) {
  Verdict verdict;
  verdict.winner = hits.winner;
  verdict.confidence = 0.99;
  verdict.reason = hits.reason;
  Finding lamps;
  lamps.kind = "lamps";
  lamps.time = hits.first.value_or(0) + options.log_offset;
  lamps.rule = cite(hits.rule, options.weapon);
  lamps.text = hits.reason;
  if (hits.winner == types::Winner::left) lamps.favours = Side::left;
  if (hits.winner == types::Winner::right) lamps.favours = Side::right;
  verdict.trace.push_back(lamps);
  return verdict;
}

void add_right_of_way(const Kinematics& motion, const Options& options, Verdict& verdict) {
  const types::PerSide<std::size_t> stop{last_stop(motion, Side::left), last_stop(motion, Side::right)};
  const double later = (static_cast<double>(stop.right) - static_cast<double>(stop.left)) / kRate;
  const double pause_weight = 1.6 * std::tanh(later / 0.3);
  const double ahead = advance(motion, Side::left, 0.8) - advance(motion, Side::right, 0.8);
  const double advance_weight = 0.8 * std::tanh(ahead / 1.0);
  const double score = pause_weight + advance_weight;
  const Side winner = score >= 0 ? Side::left : Side::right;
  const Side loser = types::opposite(winner);

  for (const Side side : types::both_sides) {
    Finding stopped = finding(motion, stop[side], "last_stop",
                              motion.times[motion.touch] - motion.times[stop[side]], "s", 0);
    stopped.rule = cite(Rule::attack_stopped, options.weapon);
    if ((pause_weight > 0) != (side == Side::left) && pause_weight != 0) {
      stopped.weight = std::abs(pause_weight);
      stopped.favours = types::opposite(side);
    }
    stopped.text = capitalised(side) + " last stopped at " + seconds(stopped.time);
    verdict.trace.push_back(stopped);
  }
  Finding gained = finding(motion, motion.touch, "advance", ahead, "units", advance_weight);
  gained.text = capitalised(ahead >= 0 ? Side::left : Side::right) + " gained more ground before the hit";
  verdict.trace.push_back(gained);
  std::stable_sort(verdict.trace.begin(), verdict.trace.end(),
                   [](auto& a, auto& b) { return a.time < b.time; });

  verdict.confidence = 1 / (1 + std::exp(-std::abs(score)));
  verdict.winner = score == 0 ? types::Winner::none : types::winner_of(winner);
  const bool by_pause = (pause_weight > 0) == (score > 0) && std::abs(pause_weight) > 0.2;
  verdict.reason = by_pause
                       ? capitalised(loser) + " fencer stopped at " + seconds(motion.times[stop[loser]]) +
                             " while " + std::string(types::to_string(winner)) + " kept advancing"
                       : "Attack from the " + std::string(types::to_string(winner)) +
                             ", who gained more ground before the hit";
}

void apply_review(const Options& options, Verdict& verdict) {
  verdict.review = verdict.confidence < options.review_below;
  if (verdict.review && verdict.review_reason.empty())
    verdict.review_reason = "both fencers' actions are close";
}

}  // namespace

Verdict decide(const types::Tracks& tracks, const types::Phrase& phrase, const Options& options) {
  const Hits hits = judge_hits(phrase, options.weapon);
  const Kinematics motion =
      measure(tracks, hits.first.value_or(tracks.left.points.empty() ? 0 : tracks.left.points.back().time) +
                          (hits.first ? options.log_offset : 0));
  Verdict verdict;
  if (!hits.right_of_way) {
    verdict = from_lamps(hits, options);
  } else if (motion.empty()) {
    verdict.confidence = 0.5;
    verdict.reason = "Both lights, but the fencers are not seen well enough to tell who has right of way";
    verdict.review_reason = "the fencers are not seen";
  } else {
    add_right_of_way(motion, options, verdict);
    if (verdict.winner == types::Winner::left && !hits.valid.left) verdict.winner = types::Winner::none;
    if (verdict.winner == types::Winner::right && !hits.valid.right) verdict.winner = types::Winner::none;
  }
  if (!motion.empty()) verdict.actions = find_actions(motion);
  apply_review(options, verdict);
  return verdict;
}

}  // namespace piste::referee
