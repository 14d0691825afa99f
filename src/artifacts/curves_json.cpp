#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "artifacts/artifacts.h"
#include "artifacts/rounded.h"
#include "base/json_text.h"

namespace piste::artifacts {
namespace {

namespace json = boost::json;

constexpr int decimals = 3;

json::array numbers(const std::vector<double>& values) {
  json::array array;
  array.reserve(values.size());
  for (const double value : values) array.push_back(rounded(value, decimals));
  return array;
}

}  // namespace

std::string curves_json(const types::Curves& curves) {
  json::object object;
  object["times"] = numbers(curves.times);
  object["distance"] = numbers(curves.distance);
  for (const types::Side side : types::both_sides) {
    const types::FencerCurves& fencer = curves.fencers[side];
    object[to_string(side)] = json::object{{"speed", numbers(fencer.speed)}, {"hand", numbers(fencer.hand)}};
  }
  return base::json_text(object);
}

}  // namespace piste::artifacts
