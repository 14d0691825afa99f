#include "referee/features.h"

#include <algorithm>
#include <cmath>

#include "referee/footwork.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kLongestStop = 2;       // s: who has gone forward for longer has done so "for long"
constexpr double kSlow = 0.30;           // units/s
constexpr double kBackward = -0.15;      // units/s
constexpr double kContactReach = 1;      // s before the touch
constexpr double kContactMargin = 0.03;  // s: nearer to the touch it is the hit itself
constexpr double kContactWindow = 0.2;   // s before and after a contact

// Names carry the window in tenths of a second before the touch.
constexpr std::array<Feature, kFeatures> kTable{{
    {"since_stop_0", Topic::stop, "s", false},
    {"since_stop_15", Topic::stop, "s", false},
    {"since_stop_30", Topic::stop, "s", false},
    {"since_stop_60", Topic::stop, "s", false},
    {"slow_10", Topic::stop, "", false},
    {"slow_16", Topic::stop, "", false},
    {"hips_3", Topic::ground, "units", false},
    {"hips_5", Topic::ground, "units", false},
    {"hips_8", Topic::ground, "units", false},
    {"hips_12", Topic::ground, "units", false},
    {"hips_16", Topic::ground, "units", false},
    {"front_foot_3", Topic::ground, "units", false},
    {"front_foot_8", Topic::ground, "units", false},
    {"front_foot_12", Topic::ground, "units", false},
    {"rear_foot_8", Topic::ground, "units", false},
    {"rear_foot_12", Topic::ground, "units", false},
    {"head_3", Topic::ground, "units", true},
    {"head_8", Topic::ground, "units", true},
    {"head_12", Topic::ground, "units", true},
    {"speed_0_1", Topic::speed, "units/s", false},
    {"speed_1_3", Topic::speed, "units/s", false},
    {"speed_3_6", Topic::speed, "units/s", false},
    {"speed_6_10", Topic::speed, "units/s", false},
    {"speed_10_15", Topic::speed, "units/s", false},
    {"lowest_speed_16", Topic::speed, "units/s", false},
    {"highest_speed_16", Topic::speed, "units/s", false},
    {"retreat_16", Topic::retreat, "units", false},
    {"backward_10", Topic::retreat, "", false},
    {"backward_16", Topic::retreat, "", false},
    {"from_rearmost_10", Topic::retreat, "units", false},
    {"from_rearmost_16", Topic::retreat, "units", false},
    {"hand_3", Topic::hand, "units", false},
    {"hand_8", Topic::hand, "units", false},
    {"before_contact", Topic::contact, "units/s", false},
    {"after_contact", Topic::contact, "units/s", false},
    {"lean", Topic::posture, "units", true},
    {"lean_3", Topic::posture, "units", true},
}};

// The stretch of the clock that a feature speaks of; outside the phrase nothing is measured.
class Window {
 public:
  explicit Window(const Kinematics& motion) : touch_(motion.touch), last_(motion.size() - 1) {}

  std::size_t before(double seconds) const {
    const auto steps = static_cast<std::size_t>(std::lround(seconds * kRate));
    return touch_ > steps ? touch_ - steps : 0;
  }
  std::size_t touch() const { return touch_; }
  std::size_t last() const { return last_; }

 private:
  std::size_t touch_;
  std::size_t last_;
};

std::size_t last_slower(const Series& hips, const Window& window, double speed) {
  for (std::size_t i = window.touch(); i > 0; --i)
    if (hips[i].speed < speed) return i;
  return 0;
}

double since_slower(const Series& hips, const Window& window, double speed) {
  const std::size_t at = last_slower(hips, window, speed);
  return std::min(static_cast<double>(window.touch() - at) / kRate, kLongestStop);
}

double gained(const Series& series, const Window& window, double seconds) {
  if (series.empty()) return 0;
  return series[window.touch()].forward - series[window.before(seconds)].forward;
}

double mean_speed(const Series& hips, const Window& window, double from, double to) {
  return mean_speed(hips, window.before(to), window.before(from));
}

double part_slower(const Series& hips, const Window& window, double seconds, double speed) {
  const std::size_t from = window.before(seconds);
  double count = 0;
  for (std::size_t i = from; i <= window.touch(); ++i) count += hips[i].speed < speed ? 1 : 0;
  return count / static_cast<double>(window.touch() - from + 1);
}

struct Extremes {
  std::size_t rearmost, furthest, slowest, fastest;
};

Extremes extremes(const Series& hips, const Window& window, double seconds) {
  const std::size_t from = window.before(seconds);
  Extremes out{from, from, from, from};
  for (std::size_t i = from; i <= window.touch(); ++i) {
    if (hips[i].forward < hips[out.rearmost].forward) out.rearmost = i;
    if (hips[i].forward >= hips[out.furthest].forward) out.furthest = i;
    if (hips[i].speed < hips[out.slowest].speed) out.slowest = i;
    if (hips[i].speed > hips[out.fastest].speed) out.fastest = i;
  }
  return out;
}

double lean(const FencerMotion& fencer, std::size_t at) {
  const Series& head = fencer[Part::nose];
  return head.empty() ? 0 : head[at].forward - fencer.hips[at].forward;
}

// Index of the last contact that can decide; 0 when there is none.
std::size_t contact_sample(const Kinematics& motion, const std::vector<double>& contacts) {
  const double touch = motion.times[motion.touch];
  for (auto time = contacts.rbegin(); time != contacts.rend(); ++time) {
    if (*time > touch - kContactMargin) continue;
    if (*time < touch - kContactReach) break;
    const auto steps = static_cast<std::size_t>(std::lround((touch - *time) * kRate));
    return steps < motion.touch ? motion.touch - steps : 0;
  }
  return 0;
}

Description describe(const FencerMotion& fencer, const Window& window, std::size_t contact) {
  const Series& hips = fencer.hips;
  const Extremes late = extremes(hips, window, 1.0);
  const Extremes whole = extremes(hips, window, 1.6);
  const auto reach = static_cast<std::size_t>(std::lround(kContactWindow * kRate));
  const double here = hips[window.touch()].forward;
  Description out;
  out.contact = contact;
  out.last_stop = last_slower(hips, window, kSlow);
  out.furthest = whole.furthest;
  out.values = {
      since_slower(hips, window, 0),
      since_slower(hips, window, 0.15),
      since_slower(hips, window, 0.30),
      since_slower(hips, window, 0.60),
      part_slower(hips, window, 1.0, kSlow),
      part_slower(hips, window, 1.6, kSlow),
      gained(hips, window, 0.3),
      gained(hips, window, 0.5),
      gained(hips, window, 0.8),
      gained(hips, window, 1.2),
      gained(hips, window, 1.6),
      gained(fencer[Part::front_ankle], window, 0.3),
      gained(fencer[Part::front_ankle], window, 0.8),
      gained(fencer[Part::front_ankle], window, 1.2),
      gained(fencer[Part::rear_ankle], window, 0.8),
      gained(fencer[Part::rear_ankle], window, 1.2),
      gained(fencer[Part::nose], window, 0.3),
      gained(fencer[Part::nose], window, 0.8),
      gained(fencer[Part::nose], window, 1.2),
      mean_speed(hips, window, 0, 0.1),
      mean_speed(hips, window, 0.1, 0.3),
      mean_speed(hips, window, 0.3, 0.6),
      mean_speed(hips, window, 0.6, 1.0),
      mean_speed(hips, window, 1.0, 1.5),
      hips[whole.slowest].speed,
      hips[whole.fastest].speed,
      hips[whole.furthest].forward - here,
      part_slower(hips, window, 1.0, kBackward),
      part_slower(hips, window, 1.6, kBackward),
      here - hips[late.rearmost].forward,
      here - hips[whole.rearmost].forward,
      gained(fencer[Part::front_wrist], window, 0.3),
      gained(fencer[Part::front_wrist], window, 0.8),
      contact == 0 ? 0 : mean_speed(hips, contact > reach ? contact - reach : 0, contact),
      contact == 0 ? 0 : mean_speed(hips, contact, std::min(contact + reach, window.touch())),
      lean(fencer, window.touch()),
      lean(fencer, window.before(0.3)),
  };
  return out;
}

}  // namespace

std::string_view name_of(Topic topic) {
  constexpr std::array<std::string_view, kTopics> names{"stop", "ground",  "speed",   "retreat",
                                                        "hand", "contact", "posture", "pattern"};
  return names[static_cast<std::size_t>(topic)];
}

const std::array<Feature, kFeatures>& features() {
  return kTable;
}

types::PerSide<Description> describe(const Kinematics& motion, const std::vector<double>& contacts) {
  const Window window(motion);
  const std::size_t contact = contact_sample(motion, contacts);
  return {describe(motion.fencers.left, window, contact), describe(motion.fencers.right, window, contact)};
}

}  // namespace piste::referee
