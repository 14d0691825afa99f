// Phrases drawn for the tests: two fencers whose motion is given, seen by a camera of any rate.
#pragma once

#include <cstdint>
#include <functional>

#include "referee/kinematics.h"
#include "types/phrase.h"
#include "types/track.h"

namespace piste::referee {

// Of one fencer, over time.
using OverTime = std::function<double(double time)>;

struct Drawn {
  OverTime speed = [](double) { return 0.0; };      // of the whole body, forward, units/s
  OverTime stance = [](double) { return 0.6; };     // from the rear foot to the front one, units
  OverTime reach = [](double) { return 0.35; };     // of the front hand before its shoulder, units
  OverTime hand_up = [](double) { return -0.35; };  // of the front hand over its shoulder, units
  double hips = 0.68;                               // over the floor: the knees are bent
};

struct Camera {
  double fps = 30;
  double unit = 120;    // pixels
  double length = 2.0;  // s
  double distance = 4;  // between the front feet at the start, units
};

inline types::Keypoints drawn_body(const Drawn& fencer, double place, double time, types::Side side,
                                   double unit) {
  const double towards = side == types::Side::left ? 1 : -1;
  const double stance = fencer.stance(time), reach = fencer.reach(time), up = fencer.hand_up(time);
  types::Keypoints points;
  const auto place_at = [&](std::size_t joint, double ahead, double height) {
    points[joint] = {static_cast<float>((place + towards * ahead) * unit), static_cast<float>(-height * unit),
                     1};
  };
  const auto put = [&](std::size_t joint, double ahead, double above) {  // of a joint above the hips
    place_at(joint, ahead, fencer.hips + above);
  };
  put(0, 0.1, 0.68);
  for (std::size_t joint = 1; joint < 5; ++joint) put(joint, joint % 2 == 0 ? 0.08 : 0.04, 0.73);
  const auto pair = [&](std::size_t rear, double behind, double before, double height) {
    place_at(rear, behind, height);
    place_at(rear + 1, before, height);
  };
  pair(5, -0.12, 0.12, fencer.hips + kTorso);
  put(7, -0.3, 0.28);
  put(9, -0.4, 0.38);
  put(8, 0.12 + reach / 2, kTorso + up / 2 - (reach > 0.45 ? 0 : 0.15));  // bent: the elbow hangs
  put(10, 0.12 + reach, kTorso + up);
  pair(11, -0.08, 0.08, fencer.hips);
  pair(13, -stance / 3, stance / 3, fencer.hips / 2);
  pair(15, -stance / 2, stance / 2, 0.05);
  return points;
}

inline types::Tracks drawn(const Drawn& left, const Drawn& right, const Camera& camera = {}) {
  types::Tracks tracks;
  tracks.fps = camera.fps;
  const types::PerSide<Drawn> fencers{left, right};
  types::PerSide<double> place{0, camera.distance + left.stance(0) / 2 + right.stance(0) / 2};
  constexpr int fine = 16;  // steps of the motion in one frame
  for (int i = 0; i / camera.fps <= camera.length + 1e-9; ++i) {
    const double time = i / camera.fps;
    for (const types::Side side : types::both_sides) {
      tracks[side].points.push_back(
          {i, time, true, true, drawn_body(fencers[side], place[side], time, side, camera.unit)});
      const double towards = side == types::Side::left ? 1 : -1;
      for (int k = 0; k < fine; ++k)
        place[side] +=
            towards * fencers[side].speed(time + (k + 0.5) / fine / camera.fps) / fine / camera.fps;
    }
  }
  return tracks;
}

inline OverTime constantly(double value) {
  return [value](double) { return value; };
}

// `value` between two times, `otherwise` outside.
inline OverTime between_times(double from, double to, double value, double otherwise) {
  return [=](double time) { return time >= from && time < to ? value : otherwise; };
}

inline types::Phrase both_lights(double time) {
  types::Phrase phrase;
  phrase.touches = {{types::Side::left, time, true}, {types::Side::right, time + 0.05, true}};
  return phrase;
}

// The fencers change sides.
inline types::Tracks mirrored(const types::Tracks& tracks) {
  types::Tracks out = tracks;
  std::swap(out.left.points, out.right.points);
  for (const types::Side side : types::both_sides)
    for (auto& point : out[side].points)
      for (auto& joint : point.keypoints) joint.x = -joint.x;
  return out;
}

inline types::Phrase mirrored(const types::Phrase& phrase) {
  types::Phrase out = phrase;
  for (auto& touch : out.touches) touch.scorer = types::opposite(touch.scorer);
  return out;
}

}  // namespace piste::referee
