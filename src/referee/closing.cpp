#include "referee/closing.h"

#include <algorithm>
#include <cmath>

#include "types/said.h"

namespace piste::referee {
namespace {

constexpr std::size_t kLookBack = 45;   // steps of the clock
constexpr double kClosing = 1.0;        // units/s of both together: less is no attack
constexpr double kSlowest = 1.4;        // units/s, likewise: the slowest of 101 club phrases reaches 1.51
constexpr double kPartOfFastest = 0.5;  // of the fastest closing: a slower one is no attack beside it
constexpr double kEnded = 0.3;          // of its own fastest: then it has ended
// s by which the log's hit may come after the end of the closing, and before it: docs/referee-model.md.
constexpr double kLate = 0.60;
constexpr double kEarly = 0.47;

double closing(const Kinematics& motion, std::size_t at) {
  return motion.fencers.left.hips[at].speed + motion.fencers.right.hips[at].speed;
}

std::size_t first_looked_at(const Kinematics& motion) {
  return motion.touch > kLookBack ? motion.touch - kLookBack : 0;
}

double fastest_closing(const Kinematics& motion) {
  double fastest = 0;
  for (std::size_t i = first_looked_at(motion); i < motion.size(); ++i)
    fastest = std::max(fastest, closing(motion, i));
  return fastest;
}

// What is an attack beside the others.
double least_closing(const Kinematics& motion) {
  return std::max(kClosing, kPartOfFastest * fastest_closing(motion));
}

// Of the closing that is under way at `at`.
std::size_t end_of(const Kinematics& motion, std::size_t at) {
  double fastest = closing(motion, at);
  while (at + 1 < motion.size() && closing(motion, at) > kEnded * fastest)
    fastest = std::max(fastest, closing(motion, ++at));
  return at;
}

}  // namespace

std::optional<double> closing_ends(const Kinematics& motion) {
  if (motion.empty() || motion.displacements) return std::nullopt;
  const double hit = motion.times[motion.touch];
  const double least = least_closing(motion);
  std::optional<double> nearest;
  for (std::size_t i = first_looked_at(motion); i < motion.size(); ++i) {
    if (closing(motion, i) < least) continue;
    i = end_of(motion, i);
    if (!nearest || std::abs(motion.times[i] - hit) < std::abs(*nearest - hit)) nearest = motion.times[i];
  }
  return nearest;
}

Hit estimate_hit(const Kinematics& motion) {
  if (motion.empty()) return {};
  const double logged = motion.times[motion.touch];
  const auto end = closing_ends(motion);
  if (!end || (logged - *end <= kLate && *end - logged <= kEarly)) return {logged, ""};
  const double estimated = std::clamp(logged, *end - kEarly, *end + kLate);
  return {estimated,
          types::said("clocks_differ", {{"log", logged}, {"motion", *end}, {"judged", estimated}})};
}

types::Said slow_motion(const Kinematics& motion) {
  if (motion.empty() || motion.displacements) return "";
  const double fastest = fastest_closing(motion);
  if (fastest >= kSlowest) return "";
  return types::said("slow_motion", {{"speed", fastest}});
}

}  // namespace piste::referee
