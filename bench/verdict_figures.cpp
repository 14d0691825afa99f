#include "verdict_figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace piste::bench {
namespace {

using types::Winner;

constexpr double kZ = 1.96;  // of 95 %
constexpr int kResamples = 2000;
constexpr std::size_t kBins = 10;

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Interval interval(const Share& share) {
  if (share.of == 0) return {};
  const auto n = static_cast<double>(share.of);
  const double p = share.value();
  const double middle = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n)) / (1 + kZ * kZ / n);
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Interval interval_by_folds(const std::vector<Call>& calls) {
  std::map<std::string, Share> by_name;
  for (const Call& call : calls) {
    Share& share = by_name[call.fold];
    share.right += call.winner == call.truth ? 1 : 0;
    ++share.of;
  }
  std::vector<Share> folds;
  for (const auto& [name, share] : by_name) folds.push_back(share);
  if (folds.empty()) return {};
  std::mt19937_64 random(1);
  std::vector<double> drawn;
  for (int i = 0; i < kResamples; ++i) {
    Share sum;
    for (std::size_t k = 0; k < folds.size(); ++k) {
      const Share& fold = folds[random() % folds.size()];
      sum.right += fold.right;
      sum.of += fold.of;
    }
    drawn.push_back(sum.value());
  }
  std::sort(drawn.begin(), drawn.end());
  return {drawn[kResamples / 40], drawn[kResamples - 1 - kResamples / 40]};
}

Share accuracy(const std::vector<Call>& calls) {
  Share share;
  for (const Call& call : calls) share.right += call.winner == call.truth ? 1 : 0;
  share.of = calls.size();
  return share;
}

Share left_or_right(const std::vector<Call>& calls) {
  Share share;
  for (const Call& call : calls) {
    if (call.truth == Winner::none) continue;
    share.right += call.lean == 0 ? 0.5 : (call.lean > 0) == (call.truth == Winner::left) ? 1 : 0;
    ++share.of;
  }
  return share;
}

Share accuracy_at(std::vector<Call> calls, double part) {
  std::sort(calls.begin(), calls.end(),
            [](const Call& a, const Call& b) { return a.confidence > b.confidence; });
  calls.resize(static_cast<std::size_t>(std::lround(part * static_cast<double>(calls.size()))));
  return accuracy(calls);
}

double calibration_error(const std::vector<Call>& calls) {
  struct Bin {
    double confidence = 0, right = 0;
  };
  std::array<Bin, kBins> bins;
  for (const Call& call : calls) {
    const auto index = static_cast<std::size_t>(call.confidence * kBins);
    Bin& bin = bins[std::min(index, kBins - 1)];
    bin.confidence += call.confidence;
    bin.right += call.winner == call.truth ? 1 : 0;
  }
  double sum = 0;
  for (const Bin& bin : bins) sum += std::abs(bin.confidence - bin.right);
  return calls.empty() ? 0 : sum / static_cast<double>(calls.size());
}

double OfClass::precision() const {
  return ratio(right, calls);
}
double OfClass::recall() const {
  return ratio(right, truths);
}
double OfClass::f1() const {
  const std::size_t both = calls + truths;
  return ratio(2 * right, both);
}

OfClass of_class(const std::vector<Call>& calls, Winner winner) {
  OfClass out;
  for (const Call& call : calls) {
    out.calls += call.winner == winner ? 1 : 0;
    out.truths += call.truth == winner ? 1 : 0;
    out.right += call.winner == winner && call.truth == winner ? 1 : 0;
  }
  return out;
}

double macro_f1(const std::vector<Call>& calls) {
  double sum = 0;
  for (const Winner winner : {Winner::left, Winner::right, Winner::none}) sum += of_class(calls, winner).f1();
  return sum / 3;
}

}  // namespace piste::bench
