#include "render/recorded.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/median.h"
#include "base/text.h"
#include "render/limbs.h"
#include "rows/line_file.h"

namespace piste::render {
namespace {

namespace json = boost::json;
namespace joint = types::joint;

constexpr double blade_length = 1.75;  // in torso lengths

Error without_keypoints(const std::string& which) {
  return {ErrorCode::no_keypoints, which + ": only rows with skeletons of 17 joints can be drawn"};
}

Point place(const types::Keypoint& keypoint) {
  return {keypoint.x, keypoint.y};
}

// Missing points: on the straight line between the nearest frames that have them, or as in the nearest.
// False where the joint is missing in every frame.
bool fill_gaps(const types::Track& track, std::size_t j, std::vector<Skeleton>& skeletons) {
  std::optional<std::size_t> known;
  for (std::size_t i = 0; i < skeletons.size(); ++i) {
    const types::Keypoint& here = track.points[i].keypoints[j];
    if (here.score <= 0) continue;
    const Point to = place(here);
    const Point from = known ? skeletons[*known][j] : to;
    const std::size_t first = known ? *known + 1 : 0;
    for (std::size_t k = first; k <= i; ++k) {
      const double part = static_cast<double>(k + 1 - first) / static_cast<double>(i + 1 - first);
      skeletons[k][j] = {std::lerp(from.x, to.x, part), std::lerp(from.y, to.y, part)};
    }
    known = i;
  }
  if (!known) return false;
  for (std::size_t k = *known + 1; k < skeletons.size(); ++k) skeletons[k][j] = skeletons[*known][j];
  return true;
}

Result<std::vector<Skeleton>> skeletons_of(const rows::Row& row, types::Side side) {
  const types::Track& track = row.tracks[side];
  const std::string fencer = "the " + std::string(types::to_string(side)) + " fencer";
  if (row.tracks.displacements || track.points.empty()) {
    return without_keypoints("the row has no keypoints of " + fencer);
  }
  std::vector<Skeleton> skeletons(track.points.size());
  for (std::size_t j = 0; j < joint::count; ++j) {
    if (!fill_gaps(track, j, skeletons)) {
      return without_keypoints("joint " + std::to_string(j) + " of " + fencer + " is missing in every frame");
    }
  }
  follow_limbs(skeletons);
  return skeletons;
}

Point middle(const Skeleton& s, std::size_t a, std::size_t b) {
  return {(s[a].x + s[b].x) / 2, (s[a].y + s[b].y) / 2};
}

double torso_length(const std::vector<Skeleton>& skeletons) {
  std::vector<double> lengths;
  for (const Skeleton& s : skeletons) {
    const Point top = middle(s, joint::left_shoulder, joint::right_shoulder);
    const Point bottom = middle(s, joint::left_hip, joint::right_hip);
    lengths.push_back(std::hypot(top.x - bottom.x, top.y - bottom.y));
  }
  return base::median(std::move(lengths));
}

Point unit(Point p) {
  const double size = std::hypot(p.x, p.y);
  return size > 1e-9 ? Point{p.x / size, p.y / size} : Point{1, 0};
}

// Nobody recorded the blades. A bent arm holds it up, a straight one points it at the opponent.
Point blade_direction(const Skeleton& own, const Skeleton& opponent, double torso) {
  const Point elbow = own[joint::right_elbow];
  const Point wrist = own[joint::right_wrist];
  const Point shoulder = own[joint::right_shoulder];
  const Point target = middle(opponent, joint::left_shoulder, joint::right_shoulder);
  const Point from_elbow = unit({wrist.x - elbow.x, wrist.y - elbow.y});
  const Point aim = unit({target.x - wrist.x, target.y - wrist.y});
  const double reach = std::hypot(wrist.x - shoulder.x, wrist.y - shoulder.y) / (torso * 1.05);
  const double straight = std::clamp((reach - .6) / .35, 0.0, 1.0);
  return unit({.4 * from_elbow.x + (.35 + .45 * straight) * aim.x,
               .4 * from_elbow.y + (.35 + .45 * straight) * aim.y - .6 * (1 - straight)});
}

std::vector<Stance> with_blades(const std::vector<Skeleton>& own, const std::vector<Skeleton>& opponent) {
  const double torso = torso_length(own);
  std::vector<Point> directions;
  for (std::size_t i = 0; i < own.size(); ++i) {
    directions.push_back(blade_direction(own[i], opponent[std::min(i, opponent.size() - 1)], torso));
  }
  std::vector<Stance> stances;
  for (std::size_t i = 0; i < own.size(); ++i) {
    Point sum;  // of the neighbours too: the direction of a from_elbow of two noisy points trembles
    for (std::size_t k = i < 2 ? 0 : i - 2; k < std::min(own.size(), i + 3); ++k) {
      sum = {sum.x + directions[k].x, sum.y + directions[k].y};
    }
    const Point direction = unit(sum);
    const Point wrist = own[i][joint::right_wrist];
    const double length = (blade_length + .15) * torso;  // the hand is beyond the wrist
    stances.push_back({own[i], {wrist.x + direction.x * length, wrist.y + direction.y * length}});
  }
  return stances;
}

bool has_id(const json::object& row, const std::string& id) {
  const json::value* value = row.if_contains("id");
  return value != nullptr && value->is_string() && value->get_string() == id;
}

Error nothing_found(const RowChoice& choice, std::size_t lines) {
  if (const auto* id = std::get_if<std::string>(&choice)) {
    return {ErrorCode::not_found, "no row has the id '" + base::escaped(*id) + "'"};
  }
  return {ErrorCode::not_found, "there is no row " + std::to_string(std::get<std::size_t>(choice)) +
                                    ": the file has rows 1 to " + std::to_string(lines)};
}

bool chosen(const RowChoice& choice, std::size_t number, const std::string& line) {
  if (const auto* wanted = std::get_if<std::size_t>(&choice)) return *wanted == number;
  const std::string& id = std::get<std::string>(choice);
  if (line.find(id) == std::string::npos) return false;  // cheap, before the line is parsed
  json::error_code failed;
  const json::value row = json::parse(line, failed);
  return !failed && row.is_object() && has_id(row.get_object(), id);
}

}  // namespace

Result<Scene> scene_of(const rows::Row& row) {
  const auto left = skeletons_of(row, types::Side::left);
  if (!left) return left.error();
  const auto right = skeletons_of(row, types::Side::right);
  if (!right) return right.error();
  Scene scene;
  scene.id = row.id;
  scene.scoring_log = row.signal;
  scene.duration = static_cast<double>(std::max(left->size(), right->size())) / row.tracks.fps;
  scene.fencers.left = {with_blades(*left, *right), row.tracks.fps, true};
  scene.fencers.right = {with_blades(*right, *left), row.tracks.fps, true};
  return scene;
}

Result<Scene> load_row(const std::filesystem::path& path, const RowChoice& choice) {
  if (const auto* number = std::get_if<std::size_t>(&choice); number != nullptr && *number == 0) {
    return Error{ErrorCode::not_found, "rows are counted from 1"};
  }
  auto file = rows::LineFile::open(path.string());
  if (!file) return Error{ErrorCode::io, file.error().message};
  for (std::size_t number = 1;; ++number) {
    const auto line = file->next();
    if (!line) return Error{ErrorCode::io, line.error().message};
    if (!*line) return nothing_found(choice, number - 1);
    if (!chosen(choice, number, **line)) continue;
    const std::string name = "row " + std::to_string(number);
    const auto row = rows::parse_row(**line);
    if (!row) return Error{ErrorCode::invalid, name + ": " + row.error().message};
    auto scene = scene_of(*row);
    if (!scene) return Error{scene.error().code, name + ": " + scene.error().message};
    return scene;
  }
}

}  // namespace piste::render
