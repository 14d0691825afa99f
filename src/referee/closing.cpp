#include "referee/closing.h"

#include <algorithm>
#include <cmath>

#include "referee/words.h"

namespace piste::referee {
namespace {

constexpr std::size_t kLookBack = 45;  // steps of the clock
constexpr double kClosing = 1.0;       // units/s of both together: less is no attack
constexpr double kEnded = 0.3;         // of the fastest: then it has ended
// s by which the log's hit may come after the end of the closing, and before it. Of 136 club phrases with
// both lamps 7 % lie outside; with their clock off by 1 s, late, 9 in 10, by .6 s, early, two thirds.
constexpr double kLate = 0.70;
constexpr double kEarly = 0.43;

double closing(const Kinematics& motion, std::size_t at) {
  return motion.fencers.left.hips[at].speed + motion.fencers.right.hips[at].speed;
}

}  // namespace

std::optional<double> closing_ends(const Kinematics& motion) {
  if (motion.empty() || motion.displacements) return std::nullopt;
  std::size_t fastest = motion.touch > kLookBack ? motion.touch - kLookBack : 0;
  for (std::size_t i = fastest; i < motion.size(); ++i)
    if (closing(motion, i) > closing(motion, fastest)) fastest = i;
  if (closing(motion, fastest) < kClosing) return std::nullopt;
  std::size_t end = fastest;
  while (end + 1 < motion.size() && closing(motion, end) > kEnded * closing(motion, fastest)) ++end;
  return motion.times[end];
}

Hit estimate_hit(const Kinematics& motion) {
  if (motion.empty()) return {};
  const double logged = motion.times[motion.touch];
  const auto end = closing_ends(motion);
  if (!end || (logged - *end <= kLate && *end - logged <= kEarly)) return {logged, ""};
  const double estimated = std::clamp(logged, *end - kEarly, *end + kLate);
  return {estimated,
          say({"by the log the hit is at ", seconds(logged), ", by the motion near ", seconds(*end),
               ": the clocks may differ; the motion is judged as of ", seconds(estimated)})};
}

}  // namespace piste::referee
