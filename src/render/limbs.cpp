#include "render/limbs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>

namespace piste::render {
namespace {

namespace joint = types::joint;

constexpr std::size_t pairs = 3;             // shoulder, elbow, wrist; or hip, knee, ankle
constexpr std::size_t states = 1U << pairs;  // bit p: pair p is swapped
// How unlikely a swapped pair is, in units a frame.
constexpr std::array<double, pairs> reluctance{.04, .003, .003};

using Chain = std::array<std::size_t, pairs>;  // the odd index of each pair, from the body outwards
constexpr std::array<Chain, 2> chains{Chain{joint::left_shoulder, joint::left_elbow, joint::left_wrist},
                                      Chain{joint::left_hip, joint::left_knee, joint::left_ankle}};

double distance(const Point& a, const Point& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

std::size_t swapped(std::size_t state, std::size_t pair) {
  return (state >> pair) & 1U;
}

// The point of limb `limb` (0 or 1) at a pair, when the frame is read in that state.
const Point& point(const Skeleton& skeleton, const Chain& chain, std::size_t pair, std::size_t limb,
                   std::size_t state) {
  return skeleton[chain[pair] + (limb ^ swapped(state, pair))];
}

class Follower {
 public:
  // By the state of a frame and of the one before it: [before * states + now].
  using Costs = std::array<double, states * states>;
  using Steps = std::array<std::uint8_t, states * states>;

  Follower(const std::vector<Skeleton>& skeletons, const Chain& chain)
      : skeletons_(skeletons), chain_(chain) {
    for (std::size_t part = 0; part + 1 < pairs; ++part) lengths_[part] = full_length(part);
  }

  // The cheapest state of every frame (Viterbi over the states of two frames: a limb that moves goes on
  // moving).
  std::vector<std::size_t> states_of_frames() const {
    std::vector<Steps> came_from(skeletons_.size());
    Costs cost{};
    for (std::size_t i = 0; i < cost.size(); ++i) cost[i] = shape_cost(0, i % states);
    for (std::size_t frame = 1; frame < skeletons_.size(); ++frame) {
      Costs next{};
      for (std::size_t i = 0; i < next.size(); ++i) {
        const std::size_t before = i / states;
        const std::size_t now = i % states;
        std::size_t best = 0;
        next[i] = 1e18;
        for (std::size_t earlier = 0; earlier < states; ++earlier) {
          const double total = cost[earlier * states + before] + move_cost(frame, earlier, before, now);
          if (total < next[i]) std::tie(next[i], best) = std::pair(total, earlier);
        }
        next[i] += shape_cost(frame, now);
        came_from[frame][i] = static_cast<std::uint8_t>(best);
      }
      cost = next;
    }
    return trace_back(cost, came_from);
  }

 private:
  // As seen from the side a limb is often foreshortened, but hardly ever longer than this.
  double full_length(std::size_t part) const {
    std::vector<double> lengths;
    for (const Skeleton& skeleton : skeletons_) {
      for (const std::size_t limb : {std::size_t{0}, std::size_t{1}}) {
        lengths.push_back(
            distance(point(skeleton, chain_, part, limb, 0), point(skeleton, chain_, part + 1, limb, 0)));
      }
    }
    const auto nearly_longest = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 9 / 10);
    std::nth_element(lengths.begin(), nearly_longest, lengths.end());
    return 1.15 * *nearly_longest;
  }

  double shape_cost(std::size_t frame, std::size_t state) const {
    double cost = 0;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      if (swapped(state, pair) != 0) cost += reluctance[pair];
    }
    for (std::size_t part = 0; part + 1 < pairs; ++part) {
      for (const std::size_t limb : {std::size_t{0}, std::size_t{1}}) {
        const double length = distance(point(skeletons_[frame], chain_, part, limb, state),
                                       point(skeletons_[frame], chain_, part + 1, limb, state));
        cost += std::max(0.0, length - lengths_[part]);
      }
    }
    return cost;
  }

  // How far the limbs are from where most of their last movement would have taken them.
  double move_cost(std::size_t frame, std::size_t earlier, std::size_t before, std::size_t now) const {
    constexpr double persistence = .8;
    double cost = 0;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      for (const std::size_t limb : {std::size_t{0}, std::size_t{1}}) {
        const Point& last = point(skeletons_[frame - 1], chain_, pair, limb, before);
        const Point& first = frame > 1 ? point(skeletons_[frame - 2], chain_, pair, limb, earlier) : last;
        const Point expected{last.x + persistence * (last.x - first.x),
                             last.y + persistence * (last.y - first.y)};
        cost += distance(expected, point(skeletons_[frame], chain_, pair, limb, now));
      }
    }
    return cost;
  }

  std::vector<std::size_t> trace_back(const Costs& cost, const std::vector<Steps>& came_from) const {
    std::vector<std::size_t> path(skeletons_.size());
    auto at = static_cast<std::size_t>(std::min_element(cost.begin(), cost.end()) - cost.begin());
    for (std::size_t frame = path.size(); frame-- > 0;) {
      path[frame] = at % states;
      at = came_from[frame][at] * states + at / states;
    }
    return path;
  }

  const std::vector<Skeleton>& skeletons_;
  const Chain& chain_;
  std::array<double, pairs - 1> lengths_{};
};

}  // namespace

void follow_limbs(std::vector<Skeleton>& skeletons) {
  if (skeletons.empty()) return;
  for (const Chain& chain : chains) {
    const std::vector<std::size_t> path = Follower(skeletons, chain).states_of_frames();
    for (std::size_t frame = 0; frame < skeletons.size(); ++frame) {
      for (std::size_t pair = 0; pair < pairs; ++pair) {
        Skeleton& skeleton = skeletons[frame];
        if (swapped(path[frame], pair) != 0) std::swap(skeleton[chain[pair]], skeleton[chain[pair] + 1]);
      }
    }
  }
}

}  // namespace piste::render
