// Who the two fencers are among the people that were detected, and where each of them should be.
//
// The pair chosen first is on trial: looks that agree make it trusted, looks that keep preferring another
// pair make it be given up. Left stays left of right; fencers do not change sides in a phrase.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tracking/motion.h"
#include "tracking/pair.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::tracking {

// Indexes into the detections, for those fencers who are among them.
using Match = types::PerSide<std::optional<std::size_t>>;

class Fencers {
 public:
  // What a look at the whole frame has told.
  struct Outcome {
    Match match;
    types::PerSide<std::optional<double>> mistaken_since;  // this side was somebody else from then on
  };

  explicit Fencers(FrameSize frame) : frame_(frame) {}

  // people: detected in the frame at `time`, at most 20 are looked at.
  Outcome look(double time, std::span<const types::Pose> people);
  // people: detected in an earlier frame, in which the fencers were seen at `then`. Precondition: both are
  // known, no clash.
  Outcome look_back(double time, std::span<const types::Pose> people,
                    const types::PerSide<types::BoundingBox>& then);

  bool known(types::Side side) const { return motions_[side].has_value(); }
  bool trusted() const;
  bool doubtful() const { return doubtful_; }
  bool in_clash() const { return clash_since_.has_value(); }

  // Precondition: known(side).
  const Motion& motion(types::Side side) const { return *motions_[side]; }
  // How far a body is from where the fencer should be, 1: as far as it may be. Precondition: known(side).
  double surprise(types::Side side, double time, const types::BoundingBox& box) const;

  // A pose was found. Precondition: known(side).
  void follow(types::Side side, double time, const types::BoundingBox& box);
  // None was found where the fencer should be.
  void lose(types::Side side) { held_[side] = false; }
  bool held(types::Side side) const { return held_[side]; }
  // The bodies merge: who is who is open until a look tells them apart.
  void enter_clash(double time);

 private:
  Match match(double time, std::span<const types::Pose> people) const;
  void weigh(double time, std::span<const types::Pose> people, const std::optional<Pair>& best,
             Outcome& outcome);
  void adopt(double time, std::span<const types::Pose> people, const Pair& pair, Outcome& outcome);
  void adopt_single(double time, std::span<const types::Pose> people, Outcome& outcome);
  void find_again(double time, std::span<const types::Pose> people, const std::optional<Pair>& best,
                  Outcome& outcome);
  void agree(double time);
  void doubt(double time, std::span<const types::Pose> people, const Pair& other);
  void leave_clash(double time, std::span<const types::Pose> people, const Match& match);

  const FrameSize frame_;
  types::PerSide<std::optional<Motion>> motions_;
  types::PerSide<bool> held_{};  // found in the latest frame
  std::optional<double> clash_since_;
  double adopted_at_ = 0;
  double agreed_at_ = 0;  // the last look that confirmed the pair, and where they were then
  types::PerSide<types::BoundingBox> agreed_on_;
  types::PerSide<double> mistaken_since_{};  // if the other pair should prove right
  int trust_ = 0;
  bool doubtful_ = false;
};

}  // namespace piste::tracking
