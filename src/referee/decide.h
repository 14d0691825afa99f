// Tracks and touches in, verdict out. Pure, deterministic, and mirror-symmetric: swapping the fencers (and x
// with -x) swaps the verdict exactly.
#pragma once

#include <string>
#include <string_view>

#include "types/phrase.h"
#include "types/said.h"
#include "types/track.h"
#include "types/verdict.h"

namespace piste::referee {

struct Weights;

struct Options {
  types::Weapon weapon = types::Weapon::sabre;
  double review_below = 0.65;  // confidence under which a person should look
  double log_offset = 0;  // seconds: the box's zero on the tracks' clock (REFEREE_SIGNAL_OFFSET_MS / 1000)
  const Weights* weights = nullptr;  // of the learned model; null: the built-in ones
  // Why a person should look, as far as it is known before the decision; empty: no reason. Of the log:
  // whatever decides. Of the video's clock, and of its pictures: where the motion decides.
  types::Said log_doubt = "";
  types::Said clock_doubt = "";
  types::Said picture_doubt = "";
  double least_height = 0;  // in the tracks' lengths, of a fencer who is seen well; 0: they are no pixels
  // 0..1: for how much of the last moments before the hit the camera's motion is known. So much is left of
  // what the motion says.
  double camera_trust = 1;
  bool lamps_in_picture = false;  // the touches are lamps that were seen there: it may be another light
  bool lamps_found = false;       // and nobody said where the box is
};

// The kind of the finding that tells by which moment the motion is judged, where the log's hit is far from
// what the motion shows. It has no weight.
constexpr std::string_view kHit = "hit";

// tracks: y down; the left fencer attacks towards +x; keypoints in any length unit (pixels, metres).
types::Verdict decide(const types::Tracks& tracks, const types::Phrase& phrase, const Options& options = {});

}  // namespace piste::referee
