// Who the two fencers are among the people that were detected, and where each of them should be.
//
// The pair chosen first is on trial: looks that agree make it trusted, looks that keep preferring another
// pair, or that do not see it, make it be given up; also where the other one is only a little better, but for
// long. Whoever is suddenly of another size, or wears something else, is not he who was followed. Who is out
// of sight for long is unknown again, and is found anew beside the other one, if they face each other on one
// floor and he did not stand by while the two were fencing: who did is nobody but a bystander, and a track
// that has slipped onto him is taken back. Where a person marked the piste, nobody beside it is a fencer;
// where a person marked the fencers, nobody is who cannot be one of them. Left is left of right until the two
// run past each other; then each keeps his side until both are lost.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tracking/crowd.h"
#include "tracking/marked.h"
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
    std::optional<double> exchanged_since;  // each was the other one from then on: they have passed
  };

  explicit Fencers(FrameSize frame, const types::Marks& marks = {})
      : frame_(frame), crowd_(frame), marked_(marks) {}

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
  // How much spoke for somebody else when they were last compared with others, 0..1.
  double doubt(types::Side side) const { return doubt_[side]; }
  // They have run past each other: the left fencer is the one further right.
  bool passed() const { return passed_; }
  // How far the right fencer's torso is beyond the left one's, in the direction that tells them apart.
  double ahead(const types::Pose& left, const types::Pose& right) const;

  // Precondition: known(side).
  const Motion& motion(types::Side side) const { return *motions_[side]; }
  // How far a body is from where the fencer should be, 1: as far as it may be. Precondition: known(side).
  double surprise(types::Side side, double time, const types::Pose& body) const;

  // A pose was found. Precondition: known(side).
  void follow(types::Side side, double time, const types::Pose& body);
  // None was found where the fencer should be.
  void lose(types::Side side) { held_[side] = false; }
  bool held(types::Side side) const { return held_[side]; }
  // The bodies merge: who is who is open until a look tells them apart.
  void enter_clash(double time);

 private:
  using People = std::span<const types::Pose>;
  using Persons = std::span<const Person>;

  void release(double time);
  std::vector<Person> watch(double time, People people);
  Match match(double time, People people, Persons persons) const;
  void weigh(double time, People people, Persons persons, Outcome& outcome);
  void adopt(double time, People people, const Pair& pair, Outcome& outcome);
  void adopt_marked(double time, People people, Persons persons, Outcome& outcome);
  void adopt_single(double time, People people, Persons persons, Outcome& outcome);
  void find_again(double time, People people, Persons persons, Outcome& outcome);
  std::optional<std::size_t> partner(types::Side side, std::size_t other, People people,
                                     Persons persons) const;
  void take_back_slipped(double time, People people, Persons persons, Outcome& outcome);
  bool has_slipped(types::Side side, std::size_t onto, std::optional<std::size_t> other,
                   Persons persons) const;
  double cost(const Person& left, const Person& right) const;
  double held_cost(const Person& left, const Person& right) const;
  double most_cost() const;
  bool rivals(const Pair& other, Persons persons) const;
  void agree(double time, double cost);
  void distrust(double time, People people, const Pair& other);
  double margin() const;
  void compare(const Match& match, Persons persons);
  bool outdone(double time, double better);
  void look_in_clash(double time, People people, Persons persons, Outcome& outcome);
  void doubt_clash(double time, People people, Persons persons, Outcome& outcome);
  bool others_fence(const Match& two, Persons persons) const;
  bool have_passed(double time, const types::Pose& left, const types::Pose& right) const;

  const FrameSize frame_;
  Crowd crowd_;
  Marked marked_;
  types::PerSide<std::optional<Motion>> motions_;
  types::PerSide<bool> held_{};  // found in the latest frame
  std::optional<double> clash_since_;
  double closing_ = 0;  // heights per second, as the clash began
  bool passed_ = false;
  double adopted_at_ = 0;
  double agreed_cost_ = 0;  // of the pair, over the looks that confirmed it
  double agreed_at_ = 0;    // the last look that confirmed the pair, and where they were then
  types::PerSide<types::BoundingBox> agreed_on_;
  types::PerSide<Motion> sure_{{0, {}}, {0, {}}};  // as a look saw him last who was no bystander
  types::PerSide<double> mistaken_since_{};        // if the other pair should prove right
  double weighed_at_ = 0;                          // the last look that could compare them with others ...
  double outdone_ = 0;        // ... what has spoken for another pair, in cost times s ...
  double outdone_since_ = 0;  // ... since this moment
  types::PerSide<double> doubt_{};
  int trust_ = 0;
  bool doubtful_ = false;
};

}  // namespace piste::tracking
