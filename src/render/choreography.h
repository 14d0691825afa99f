// A fencer's script -> the posture at any moment: footwork in steps, smooth accelerations, a body that never
// quite stands still.
#pragma once

#include <cstdint>
#include <vector>

#include "render/posture.h"
#include "render/script.h"

namespace piste::render {

// From one value to another between two times, by the path of least jerk; held before and after.
template <class Value>
class Dial {
 public:
  explicit Dial(Value start) : start_(start) {}
  void turn(double from, double to, Value value) { turns_.push_back({from, to, value}); }
  Value at(double time) const;

 private:
  struct Turn {
    double from;
    double to;
    Value value;
  };
  Value start_;
  std::vector<Turn>
      turns_;  // in order of `from`; a later one takes over from where an earlier one has come to
};

// A foot: moves that add up, each lifting it a little.
class Foot {
 public:
  explicit Foot(double start) : start_(start) {}
  void move(double from, double to, double distance, double lift);
  double at(double time) const;
  double lift(double time) const;
  double last() const;  // where it is after all moves so far

 private:
  struct Move {
    double from;
    double to;
    double distance;
    double lift;
  };
  double start_;
  std::vector<Move> moves_;
};

class Choreography {
 public:
  Choreography(const FencerScript& script, std::uint64_t seed);
  Posture at(double time) const;

 private:
  void perform(const Action& action);
  void step(double from, double to, double distance);
  void steps(const Action& action, double distance);
  void extend(double from, double to);
  void go_on_guard(double from, double to);
  void attack(const Action& action);
  void lunge(double from, double to, double distance);
  void parry(const Action& action);
  void riposte(const Action& action);
  void recover(const Action& action);
  void relax(const Action& action);
  void walk(const Action& action);

  Foot front_;
  Foot rear_;
  double stance_;
  Dial<Guard> guard_;
  Dial<double> share_;
  Dial<double> hips_;
  Dial<double> lean_;
  Dial<double> turn_;
  Dial<double> rear_arm_;
  double phase_;
};

}  // namespace piste::render
