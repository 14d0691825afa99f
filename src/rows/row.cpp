#include "rows/row.h"

#include <boost/json.hpp>
#include <cmath>
#include <vector>

namespace piste::rows {
namespace {

namespace json = boost::json;
using types::Side;

constexpr std::size_t kBroadcastJoints = 10;
constexpr std::size_t kFirstBroadcastJoint = types::joint::left_elbow;
constexpr double kHighestRate = 1000;        // frames a second
constexpr std::size_t kMostFrames = 200000;  // an hour at 50 frames a second
constexpr double kFarthest = 1e6;            // units or pixels

// Thrown and caught inside this file: a row has some thirty places where it can go wrong.
struct Malformed {
  std::string what;
};

const json::value& field(const json::object& row, std::string_view name) {
  const json::value* found = row.if_contains(name);
  if (!found) throw Malformed{"the field \"" + std::string(name) + "\" is missing"};
  return *found;
}

std::string text(const json::object& row, std::string_view name) {
  const json::value& value = field(row, name);
  if (!value.is_string()) throw Malformed{"\"" + std::string(name) + "\" must be a text"};
  return std::string(value.get_string());
}

double number(const json::value& value, const std::string& name) {
  boost::system::error_code bad;
  const double out = value.is_number() ? value.to_number<double>(bad) : NAN;
  if (bad || !std::isfinite(out)) throw Malformed{name + " must be a number"};
  return out;
}

types::Keypoint joint(const json::value& value, const std::string& where) {
  if (value.is_null()) return {};
  const json::array* pair = value.if_array();
  if (!pair || pair->size() != 2) throw Malformed{where + ": a joint must be [x, y] or null"};
  if (pair->at(0).is_null() || pair->at(1).is_null()) return {};
  const double x = number(pair->at(0), where + ": x");
  const double y = number(pair->at(1), where + ": y");
  if (std::abs(x) > kFarthest || std::abs(y) > kFarthest)
    throw Malformed{where + ": a joint lies beyond 1e6"};
  return {static_cast<float>(x), static_cast<float>(y), 1};
}

// joints: 17 or 10, the same in all frames; 0 as long as it is not known.
types::TrackPoint frame(const json::value& value, std::size_t index, double fps, std::size_t& joints,
                        const std::string& where) {
  types::TrackPoint point;
  point.number = static_cast<std::int64_t>(index);
  point.time = static_cast<double>(index) / fps;
  if (value.is_null()) return point;
  const json::array* points = value.if_array();
  if (!points) throw Malformed{where + " must be an array of joints or null"};
  if (joints == 0) joints = points->size();
  if (points->size() != joints || (joints != types::joint::count && joints != kBroadcastJoints))
    throw Malformed{where + " has " + std::to_string(points->size()) +
                    " joints; 17 (club) or 10 (broadcast) are right, the same in all frames"};
  const std::size_t first = joints == kBroadcastJoints ? kFirstBroadcastJoint : 0;
  for (std::size_t i = 0; i < joints; ++i) {
    point.keypoints[first + i] = joint(points->at(i), where);
    point.seen = point.seen || point.keypoints[first + i].score > 0;
  }
  point.reliable = point.seen;
  return point;
}

void read_track(const json::object& row, Side side, double fps, std::size_t& joints, types::Track& out) {
  const std::string name(types::to_string(side));
  const json::value& value = field(row, name);
  if (value.is_null()) return;
  const json::array* frames = value.if_array();
  if (!frames) throw Malformed{"\"" + name + "\" must be an array of frames or null"};
  if (frames->size() > kMostFrames) throw Malformed{"\"" + name + "\" has more than 200000 frames"};
  out.points.reserve(frames->size());
  for (std::size_t i = 0; i < frames->size(); ++i)
    out.points.push_back(frame(frames->at(i), i, fps, joints, name + ", frame " + std::to_string(i)));
}

Row read_row(const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) throw Malformed{"a row must be a JSON object"};
  Row row;
  row.id = text(*object, "id");
  const double fps = number(field(*object, "fps"), "\"fps\"");
  if (fps <= 0 || fps > kHighestRate) throw Malformed{"\"fps\" must lie between 0 and 1000"};
  row.tracks.fps = fps;
  std::size_t joints = 0;
  for (const Side side : types::both_sides) read_track(*object, side, fps, joints, row.tracks[side]);
  if (row.tracks.left.points.size() != row.tracks.right.points.size())
    throw Malformed{"\"left\" and \"right\" must have the same number of frames"};
  row.tracks.displacements = joints == kBroadcastJoints;
  if (!row.tracks.displacements) {
    row.signal = text(*object, "signal");
    return row;
  }
  const double touch = number(field(*object, "touch_est"), "\"touch_est\"");
  if (touch < 0 || touch > static_cast<double>(kMostFrames))
    throw Malformed{"\"touch_est\" must be a frame number"};
  row.touch_time = touch / fps;
  return row;
}

}  // namespace

Result<Row> parse_row(std::string_view line) {
  if (line.size() > kLongestRow) return Error{ErrorCode::malformed, "a row must not be longer than 64 MB"};
  boost::system::error_code bad;
  const json::value value = json::parse(line, bad);
  if (bad) return Error{ErrorCode::malformed, "not JSON: " + bad.message()};
  try {
    return read_row(value);
  } catch (const Malformed& malformed) {
    return Error{ErrorCode::malformed, malformed.what};
  }
}

}  // namespace piste::rows
