#include "protocol/sight_json.h"

#include <cmath>
#include <string>

namespace piste::protocol {
namespace {

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

// To pixels, and to hundredths of the score: it is looked at, not measured.
std::string text_of(const types::Keypoints& pose) {
  std::string out = "[";
  for (const types::Keypoint& point : pose) {
    if (out.size() > 1) out += ',';
    out += '[' + base::json_number(rounded(point.x, 1)) + ',' + base::json_number(rounded(point.y, 1)) + ',' +
           base::json_number(rounded(point.score, 100)) + ']';
  }
  return out + ']';
}

}  // namespace

void add(JsonObject& object, const types::SeenFencers& sight) {
  object.add("width", sight.width).add("height", sight.height);
  for (const types::Side side : types::both_sides) {
    const auto& pose = sight.fencers[side];
    object.raw(types::to_string(side), pose ? text_of(*pose) : "null");
  }
}

}  // namespace piste::protocol
