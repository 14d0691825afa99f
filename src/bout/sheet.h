// Score and names of a bout, as the box tells them; where it tells none, as the verdicts and what people have
// put right add up. Pure.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "types/box_event.h"
#include "types/verdict.h"

namespace piste::bout {

using Score = types::PerSide<int>;

class Sheet {
 public:
  void take(const types::box::Event& event);
  // Phrases by their numbers. The last word counts: first the verdict, then whoever puts it right.
  void judged(int number, types::Winner winner) { winners_[number] = winner; }

  // After this phrase, as it is known at this time: the box's own score where it has one.
  Score score(int number, double at) const;
  // The same before the referee has spoken: while the box has told no score since the phrase's hit, the
  // verdict's point is added.
  Score expected_score(int number, double at, double hit) const;
  // As the box has them; empty where it tells none.
  const types::PerSide<std::string>& names() const { return names_; }

 private:
  std::vector<std::pair<double, Score>> told_;  // by the box, in order of arrival
  bool counts_ = false;  // its score has changed: one that stays at 0:0 is one that nobody keeps
  std::map<int, types::Winner> winners_;
  types::PerSide<std::string> names_;
};

}  // namespace piste::bout
