#include "referee/actions.h"

#include <algorithm>
#include <string>

namespace piste::referee {
namespace {

using types::Action;
using types::Side;

constexpr double kShortestAction = 0.1;  // s: shorter stretches belong to what surrounds them

enum class Going { forward, nowhere, back };

Going going(double speed) {
  if (speed > kStopped) return Going::forward;
  return speed < -kStopped ? Going::back : Going::nowhere;
}

const char* name_of(Going how) {
  if (how == Going::forward) return "advance";
  return how == Going::back ? "retreat" : "pause";
}

struct Stretch {
  Going how;
  std::size_t first, last;
};

std::vector<Stretch> stretches(const Series& hips) {
  std::vector<Stretch> out;
  for (std::size_t i = 0; i < hips.size(); ++i) {
    const Going how = going(hips[i].speed);
    if (out.empty() || out.back().how != how) out.push_back({how, i, i});
    out.back().last = i;
  }
  return out;
}

// Stretches too short to be an action are given to the one before.
std::vector<Stretch> merged(const std::vector<Stretch>& in) {
  std::vector<Stretch> out;
  for (const Stretch& stretch : in) {
    const bool brief = static_cast<double>(stretch.last - stretch.first + 1) < kShortestAction * kRate;
    if (!out.empty() && (brief || out.back().how == stretch.how)) {
      out.back().last = stretch.last;
    } else {
      out.push_back(stretch);
    }
  }
  return out;
}

}  // namespace

std::vector<Action> find_actions(const Kinematics& motion) {
  std::vector<Action> out;
  for (const Side side : types::both_sides)
    for (const Stretch& s : merged(stretches(motion.fencers[side].hips)))
      out.push_back({name_of(s.how), side, motion.times[s.first], motion.times[s.last],
                     motion.frames[s.first], motion.frames[s.last], 1});
  std::stable_sort(out.begin(), out.end(), [](const Action& a, const Action& b) {
    return a.start != b.start ? a.start < b.start : a.end < b.end;
  });
  return out;
}

}  // namespace piste::referee
