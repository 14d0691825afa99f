// Calls against what was right: accuracies with their intervals, coverage, calibration, classes.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "types/verdict.h"

namespace piste::bench {

struct Call {
  std::string fold;
  types::Winner truth = types::Winner::none;
  types::Winner winner = types::Winner::none;  // what was answered
  double confidence = 0.5;                     // that `winner` is right
  double lean = 0;  // towards left > 0 > right: the answer if it had to be one of the two
};

struct Share {
  double right = 0;  // may be fractional: a tie counts half
  std::size_t of = 0;
  double value() const { return of == 0 ? 0 : right / static_cast<double>(of); }
};

struct Interval {
  double low = 0, high = 0;
};

// Wilson's interval, 95 %.
Interval interval(const Share& share);

// The same when whole folds are drawn again, with a fixed seed: dates differ more than phrases do.
Interval interval_by_folds(const std::vector<Call>& calls);

// Answers that are right; nothing else counts as right.
Share accuracy(const std::vector<Call>& calls);

// Of phrases that a fencer won: left or right by the lean alone, `none` or not. No lean counts half.
Share left_or_right(const std::vector<Call>& calls);

// Of the surest `part` of the calls.
Share accuracy_at(std::vector<Call> calls, double part);

// Mean distance between confidence and accuracy over ten even bins of confidence, weighted by their calls.
double calibration_error(const std::vector<Call>& calls);

struct OfClass {
  std::size_t calls = 0;  // answered
  std::size_t truths = 0;
  std::size_t right = 0;
  double precision() const;
  double recall() const;
  double f1() const;
};
OfClass of_class(const std::vector<Call>& calls, types::Winner winner);

// Over left, right and none.
double macro_f1(const std::vector<Call>& calls);

}  // namespace piste::bench
