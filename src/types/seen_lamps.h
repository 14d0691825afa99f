// The lamps of the scoring box as the pictures show them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "types/lamp_places.h"
#include "types/picture_lag.h"
#include "types/side.h"

namespace piste::types {

// One that came on.
struct SeenLamp {
  Side side = Side::left;
  bool valid = true;           // false: off target
  std::int64_t frame = 0;      // the first in which it is on
  double time = 0;             // that frame's, s
  double error = 0;            // s: it came on between time - error and time
  bool onset_unknown = false;  // something hid it before: it may have been on for longer
  Area area;                   // in that frame
  double sureness = 0;         // 0 to 1
};

struct SeenLamps {
  LampPlaces places = nowhere;    // where they were looked for
  std::vector<SeenLamp> lamps;    // in order of time
  std::int64_t elsewhere = 0;     // that came on in other places: other pistes' boxes
  std::optional<PictureLag> lag;  // where a log tells of the same hits
};

// Who says what was hit, and when.
enum class TouchSource { log, lamps, hits };

constexpr const char* to_string(TouchSource source) {
  return source == TouchSource::log ? "log" : source == TouchSource::lamps ? "lamps" : "hits";
}

}  // namespace piste::types
