// An analysed phrase, and files, for the tests of this module.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "support/file_size_limit.h"
#include "support/temp_dir.h"
#include "types/analysis.h"
#include "types/frame.h"

namespace piste::artifacts::test {

using piste::test::FileSizeLimit;
using piste::test::TempDir;

// A standing figure around x, drawn as a person is: joints in COCO order, 200 pixels tall, feet at y = 560.
inline types::Keypoints figure(float x, bool faces_right) {
  constexpr float places[types::joint::count][2] = {
      {8, 370},   {6, 366},  {6, 366},  {0, 368}, {0, 368},   {-6, 400}, {8, 400},   {-14, 432}, {26, 430},
      {-20, 460}, {52, 428}, {-4, 460}, {6, 460}, {-24, 510}, {28, 505}, {-34, 560}, {40, 560}};
  types::Keypoints keypoints;
  for (std::size_t i = 0; i < keypoints.size(); ++i) {
    keypoints[i] = {x + (faces_right ? 1 : -1) * places[i][0], places[i][1], .9f};
  }
  return keypoints;
}

// 2 s at 30 frames/s in 1280 x 720: both come nearer, right stops, left lunges; both lamps.
inline types::Analysis example() {
  using types::Side;
  types::Analysis a;
  a.id = "phrase_1";
  a.width = 1280;
  a.height = 720;
  a.time_source = "timestamps";
  a.warnings = {"2 frames were lost"};
  for (int i = 0; i < 60; ++i) {
    for (const Side side : types::both_sides) {
      types::TrackPoint point;
      point.number = i;
      point.time = i / 30.;
      point.seen = point.reliable = true;
      const float walked = 4.f * static_cast<float>(i);
      point.keypoints = side == Side::left ? figure(340 + walked, true) : figure(940 - walked, false);
      a.tracks[side].points.push_back(point);
    }
  }
  a.phrase.touches = {{Side::left, 1.5, true}, {Side::right, 1.6, true}};
  a.phrase.lockout = types::Lockout{1.53, .17};
  a.phrase.blade_contacts = {.9};
  a.verdict.winner = types::Winner::left;
  a.verdict.confidence = .81;
  a.verdict.reason_code = {"attack", types::Side::left};
  a.verdict.reason = "Attack from the left: right stopped at 0.60 s while left kept advancing";
  a.verdict.trace = {
      {"last_pause", .6, 18, .25, "s", "FIE t.101", 1.2, Side::left, "Right stopped for 0.25 s"}};
  a.verdict.actions = {{"advance", Side::left, 0, 1.2, 0, 36, 1},
                       {"pause", Side::right, .6, .85, 18, 25, .9},
                       {"lunge", Side::left, 1.2, 1.5, 36, 45, 1}};
  a.human_verdict = types::HumanVerdict::right;
  return a;
}

}  // namespace piste::artifacts::test
