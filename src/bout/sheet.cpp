#include "bout/sheet.h"

namespace piste::bout {

using types::Side;
using types::Winner;

namespace {

void add_point(Score& score, Winner winner) {
  score.left += winner == Winner::left || winner == Winner::both ? 1 : 0;
  score.right += winner == Winner::right || winner == Winner::both ? 1 : 0;
}

}  // namespace

void Sheet::take(const types::box::Event& event) {
  if (const auto* score = std::get_if<types::box::Score>(&event.what)) {
    Score now = told_.empty() ? Score{} : told_.back().second;
    const Score before = now;
    for (const Side side : types::both_sides) now[side] = score->points[side].value_or(now[side]);
    const bool changed = now.left != before.left || now.right != before.right;
    counts_ = counts_ || (changed && !told_.empty());
    if (changed || told_.empty()) told_.emplace_back(event.moment.at, now);
  } else if (const auto* match = std::get_if<types::box::Match>(&event.what)) {
    for (const Side side : types::both_sides) {
      const auto name = match->fields.find(std::string(types::to_string(side)) + "_name");
      if (name != match->fields.end()) names_[side] = name->second;
    }
  }
}

Score Sheet::score(int number, double at) const {
  Score score;
  if (counts_) {
    for (const auto& [time, told] : told_)
      if (time <= at) score = told;
    return score;
  }
  if (!told_.empty()) score = told_.front().second;
  for (const auto& [phrase, winner] : winners_) {
    if (phrase > number) break;
    add_point(score, winner);
  }
  return score;
}

Score Sheet::expected_score(int number, double at, double hit) const {
  Score expected = score(number, at);
  const auto judged = winners_.find(number);
  if (counts_ && judged != winners_.end() && told_.back().first <= hit) add_point(expected, judged->second);
  return expected;
}

}  // namespace piste::bout
