#include "referee/decide.h"

#include <algorithm>
#include <cmath>

#include "referee/actions.h"
#include "referee/alike.h"
#include "referee/closing.h"
#include "referee/fencing.h"
#include "referee/findings.h"
#include "referee/hits.h"
#include "referee/kinematics.h"
#include "referee/model.h"
#include "referee/quality.h"
#include "referee/review.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::Finding;
using types::said;
using types::Side;
using types::Verdict;
using types::Winner;

constexpr double kFoundLamp = 0.75;        // a lamp found by itself is one, and the only one: docs/lamps.md
constexpr double kLampsConfidence = 0.99;  // of what the lamps decide: boxes and blades fail, too
// Probability of simultaneous actions where both fencers move alike: no recording with places has them
// labelled, so no more is known than that nobody was seen to be earlier.
constexpr double kAlike = 0.5;
// What is left of every weight where log and motion do not agree when the hit was.
constexpr double kBelieved = 0.5;
constexpr double kLeastTrust = 0.1;
constexpr double kLeastWeight = 0.01;  // so that what decided is never without weight

double likelihood(double log_odds) {
  return 1 / (1 + std::exp(-log_odds));
}

double log_odds(double probability) {
  return std::log(probability / (1 - probability));
}

Finding at_touch(const Kinematics& motion) {
  Finding out;
  if (motion.empty()) return out;
  out.time = motion.times[motion.touch];
  out.frame = motion.frames[motion.touch];
  return out;
}

// Of what is wrong with the moment of the hit. It weighs nothing.
Finding hit_finding(const Kinematics& motion, const Hit& hit) {
  Finding out = at_touch(motion);
  out.kind = kHit;
  out.value = hit.time;
  out.unit = "s";
  out.text = capitalised(hit.doubt);
  out.named = false;
  return out;
}

// What the lamps decide alone.
void by_lamps(const Hits& hits, const Kinematics& motion, const Options& options, Verdict& verdict) {
  verdict.winner = hits.winner;
  const double confidence = options.lamps_found ? kFoundLamp : kLampsConfidence;
  verdict.confidence = confidence;
  verdict.reason = hits.reason;
  verdict.reason_code = hits.code;
  Finding lamps = at_touch(motion);
  lamps.kind = "lamps";
  if (hits.first) lamps.time = *hits.first + options.log_offset;
  lamps.rule = cite(hits.rule, options.weapon);
  lamps.weight = log_odds(confidence);
  lamps.text = hits.reason;
  if (hits.winner == Winner::left) lamps.favours = Side::left;
  if (hits.winner == Winner::right) lamps.favours = Side::right;
  verdict.trace.push_back(lamps);
}

// How sure it is that nobody has right of way, and what says so.
struct NoTouch {
  double probability = 0;
  bool called = false;
  Finding finding;
};

// The learned probability is a doubt and never a call: where it was one, it was wrong too often to gain.
NoTouch judge_simultaneous(const Kinematics& motion, const std::vector<Span>& actions, const Opinion& opinion,
                           const Options& options) {
  NoTouch out{opinion.probability_simultaneous, false, at_touch(motion)};
  out.finding.kind = "simultaneous";
  out.finding.rule = cite(Rule::simultaneous, options.weapon);
  if (const auto apart = alike_attacks(motion, actions); apart) {
    out.called = true;
    out.probability = kAlike;
    out.finding.text = said("attacked_at_once", {{"apart", *apart}});
  } else {
    out.finding.text = said("maybe_at_once", {{"probability", out.probability}});
  }
  out.finding.value = out.probability;
  return out;
}

void call_simultaneous(const NoTouch& simultaneous, Verdict& verdict) {
  verdict.trace.back().weight = std::max(kLeastWeight, std::abs(log_odds(simultaneous.probability)));
  verdict.winner = Winner::none;
  verdict.confidence = simultaneous.probability;
  verdict.reason_code = {"simultaneous", {}};
  verdict.reason = about(said("simultaneous"), simultaneous.finding.text);
  verdict.review_reason = said("simultaneous_or_not");
}

// The fencer with right of way hit off the target: no touch, and the other's hit does not count.
void off_target(Side side, Verdict& verdict) {
  verdict.winner = Winner::none;
  verdict.reason_code = {"priority_off_target", side};
  verdict.reason = about(said("priority_off_target", {{"who", side}}), verdict.reason);
}

void call_side(double sum, const Hits& hits, double simultaneous, Verdict& verdict) {
  const Side winner = sum > 0 ? Side::left : Side::right;
  verdict.winner = types::winner_of(winner);
  verdict.confidence = likelihood(std::abs(sum)) * (1 - simultaneous);
  verdict.reason = sentence(winner, verdict.trace);
  verdict.reason_code = {code_of(winner, verdict.trace), winner};
  verdict.review_reason = why_close(winner, verdict.trace);
  if (simultaneous > verdict.confidence) verdict.review_reason = said("may_be_at_once");
  if (!hits.valid[winner]) off_target(winner, verdict);
}

void call_even(Verdict& verdict) {
  verdict.winner = Winner::none;
  verdict.confidence = 0.5;
  verdict.reason_code = {"even", {}};
  verdict.reason = said("even");
  verdict.review_reason = said("nothing_tells");
}

void by_right_of_way(const Hits& hits, const Kinematics& motion, const std::vector<Span>& actions,
                     const Opinion& opinion, const Hit& hit, const Options& options, Verdict& verdict) {
  verdict.trace = find_evidence(motion, actions, opinion, options.weapon);
  if (!hit.doubt.empty()) scale(kBelieved, verdict.trace);
  scale(std::clamp(options.camera_trust, kLeastTrust, 1.0), verdict.trace);
  draw_towards_even(verdict.quality.believed, verdict.trace);
  const double sum = log_odds_left(verdict.trace);
  const NoTouch simultaneous = judge_simultaneous(motion, actions, opinion, options);
  if (!hit.doubt.empty()) verdict.trace.push_back(hit_finding(motion, hit));
  if (simultaneous.probability > 0) verdict.trace.push_back(simultaneous.finding);
  if (simultaneous.called) return call_simultaneous(simultaneous, verdict);
  if (sum == 0) return call_even(verdict);
  call_side(sum, hits, simultaneous.probability, verdict);
}

// Of a call that networks which have learned from other dates might turn round.
types::Said dates_disagree(const Verdict& verdict, const Opinion& opinion) {
  if (std::abs(log_odds_left(verdict.trace)) >= opinion.spread) return "";
  return said("dates_disagree");
}

void not_seen(Verdict& verdict) {
  verdict.confidence = 0.5;
  verdict.reason_code = {"not_seen", {}};
  verdict.reason = said("badly_seen");
}

void not_fencing(const types::Said& why, Verdict& verdict) {
  const bool one = !verdict.trace.empty();  // a light, which was taken for a lamp
  verdict.winner = Winner::none;
  verdict.confidence = 0.5;
  verdict.trace.clear();
  verdict.reason_code = {"no_fencing", {}};
  verdict.reason = about(said(one ? "light_no_fencing" : "no_fencing"), why);
}

// Of lamps that were seen in the picture, not by a box.
types::Said doubt_lamps(const types::Said& no_phrase, const Kinematics& motion, const Options& options,
                        Verdict& verdict) {
  if (!no_phrase.empty()) {
    not_fencing(no_phrase, verdict);
    return no_phrase;
  }
  if (motion.empty() || verdict.quality.believed < kLeastBelieved) return said("another_light");
  return options.lamps_found ? said("found_lamp") : "";
}

// offset: the box's zero on the tracks' clock.
Box box_of(const types::Phrase& phrase, double offset) {
  Box box;
  for (const double contact : phrase.blade_contacts) box.contacts.push_back(contact + offset);
  for (const types::Touch& touch : phrase.touches) box.hit[touch.scorer] = true;
  return box;
}

// A doubt about the recording only matters where its motion decides.
void apply_review(const types::Said& doubt, const Options& options, Verdict& verdict) {
  verdict.review = verdict.confidence < options.review_below || !doubt.empty();
  if (!verdict.review) {
    verdict.review_reason = {};
  } else if (!doubt.empty()) {
    verdict.review_reason = doubt;
  } else if (verdict.review_reason.empty()) {
    verdict.review_reason = said("below_setting");
  }
}

}  // namespace

Verdict decide(const types::Tracks& tracks, const types::Phrase& phrase, const Options& options) {
  const Hits hits = judge_hits(phrase, options.weapon);
  const bool seen = !tracks.left.points.empty();
  const double logged = hits.first ? *hits.first + options.log_offset
                        : seen     ? tracks.left.points.back().time
                                   : 0;
  Kinematics motion = measure(tracks, logged);
  const types::Said no_phrase = no_fencing(motion);
  Hit hit{logged, ""};
  types::Said slow;
  if (hits.right_of_way && !motion.empty() && !motion.displacements) {
    const Kinematics longer = measure(tracks, logged, kSeenAfterHit);
    hit = estimate_hit(longer);
    slow = slow_motion(longer);
  }
  const double touch = hit.time;
  if (touch != logged) motion = measure(tracks, touch);
  const Box box = box_of(phrase, options.log_offset + touch - logged);
  const std::vector<Span> actions = motion.empty() ? std::vector<Span>{} : find_actions(motion, box);
  Verdict verdict;
  verdict.actions = described(actions, motion);
  verdict.began = who_began(actions, motion);
  verdict.quality = measure_quality(tracks, touch, motion.unit, options.least_height);
  types::Said doubt;
  if (!hits.right_of_way) {
    by_lamps(hits, motion, options, verdict);
    if (options.lamps_in_picture && hits.first) doubt = doubt_lamps(no_phrase, motion, options, verdict);
  } else {
    doubt = joined(joined(options.clock_doubt, options.picture_doubt),
                   recording_doubt(tracks, phrase, logged, options.log_offset));
    doubt = joined(doubt, seen_badly(verdict.quality, touch, options.least_height));
    for (const types::Said& more : {hit.doubt, slow, no_phrase}) doubt = joined(doubt, more);
    if (hit.doubt.empty() && seen) hit.doubt = cut_short(tracks, logged);  // told already
    if (motion.empty() || verdict.quality.believed < kLeastBelieved) {
      if (doubt.empty()) doubt = said("not_seen");
      not_seen(verdict);
    } else if (!no_phrase.empty()) {
      not_fencing(no_phrase, verdict);
    } else {
      const Weights& weights = options.weights ? *options.weights : built_in_weights();
      const Opinion opinion = opine(motion, box.contacts, weights);
      by_right_of_way(hits, motion, actions, opinion, hit, options, verdict);
      if (doubt.empty()) doubt = dates_disagree(verdict, opinion);
    }
  }
  apply_review(joined(options.log_doubt, doubt), options, verdict);
  return verdict;
}

}  // namespace piste::referee
