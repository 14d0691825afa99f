// referee_series ROWS.jsonl[.gz] OUT: the kinematics of each both-lamps row as float32, for research.
// Each row: left then right, 18 joints (17 and the hips' middle), kSteps moments, forward, up, speed, climb,
// known.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "referee/kinematics.h"
#include "rows/line_file.h"
#include "scoring/log.h"

namespace {

constexpr int kBefore = 75;
constexpr int kAfter = 9;

using namespace piste;

void put(std::ofstream& out, const referee::Kinematics& motion, const referee::Series& series) {
  for (int step = -kBefore; step <= kAfter; ++step) {
    float values[5] = {0, 0, 0, 0, 0};
    const long at = static_cast<long>(motion.touch) + step;
    if (!series.empty() && at >= 0 && at < static_cast<long>(motion.size())) {
      const auto& m = series[static_cast<std::size_t>(at)];
      values[0] = static_cast<float>(m.forward);
      values[1] = static_cast<float>(m.up);
      values[2] = static_cast<float>(m.speed);
      values[3] = static_cast<float>(m.climb);
      values[4] = m.known ? 2 : 1;
    }
    out.write(reinterpret_cast<const char*>(values), sizeof values);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto file = rows::LineFile::open(argv[1]);
  if (!file) return 1;
  std::ofstream out(argv[2], std::ios::binary);
  while (true) {
    auto line = file.value().next();
    if (!line || !line.value()) break;
    auto row = rows::parse_row(*line.value());
    if (!row) {
      std::cerr << row.error().message << '\n';
      continue;
    }
    double touch = row->touch_time.value_or(0);
    std::string contacts;
    if (!row->touch_time) {
      auto log = scoring::parse_log(row->signal);
      if (!log || log->phrase.touches.size() < 2 || row->tracks.left.points.empty()) continue;
      touch = log->phrase.touches.front().time;
      for (double t : log->phrase.blade_contacts) contacts.append(" ").append(std::to_string(t - touch));
    }
    const auto motion = referee::measure(row->tracks, touch);
    if (motion.empty()) continue;
    std::cout << row->id << ' ' << touch << ' ' << motion.unit << ' '
              << row->tracks.left.points.size() / row->tracks.fps << contacts << '\n';
    for (const auto side : types::both_sides) {
      for (const auto& series : motion.fencers[side].joints) put(out, motion, series);
      put(out, motion, motion.fencers[side].hips);
    }
  }
}
