#include "annotated_clip.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "report.h"

namespace piste::bench {
namespace {

namespace json = boost::json;
using types::Side;

// Marks are good to some 5 % of the height; a quarter of it is still this body and no other.
constexpr double on_body = 0.25;

std::optional<Mark> mark_of(const json::object& frame, std::string_view side) {
  const auto* value = frame.if_contains(side);
  if (!value || value->is_null()) return std::nullopt;
  const auto& numbers = value->as_array();
  return Mark{numbers.at(0).to_number<double>(), numbers.at(1).to_number<double>(),
              numbers.at(2).to_number<double>()};
}

std::optional<double> off(const types::TrackPoint& point, const Mark& mark) {
  const auto& left = point.keypoints[types::joint::left_hip];
  const auto& right = point.keypoints[types::joint::right_hip];
  if (left.score <= 0 || right.score <= 0) return std::nullopt;
  return std::hypot((left.x + right.x) / 2 - mark.x, (left.y + right.y) / 2 - mark.y) / mark.height;
}

Found judged(const types::TrackPoint& point, const FencersMarks& marks, Side side) {
  const auto away = off(point, *marks[side]);
  if (!away) return {.missing = 1};
  if (*away < on_body) return {.right = 1};
  const auto& other = marks[opposite(side)];
  return {.wrong = 1, .swaps = other && off(point, *other).value_or(1) < on_body ? 1 : 0};
}

}  // namespace

std::vector<AnnotatedClip> read_annotations(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("there is no " + path.string());
  const auto all = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  std::vector<AnnotatedClip> clips;
  for (const auto& [name, clip] : all.as_object()) {
    AnnotatedClip annotated{name, clip.at("usable").at(1).to_number<std::int64_t>(), {}};
    for (const auto& [number, frame] : clip.at("frames").as_object())
      annotated.frames[std::stoll(number)] = {mark_of(frame.as_object(), "left"),
                                              mark_of(frame.as_object(), "right")};
    clips.push_back(std::move(annotated));
  }
  return clips;
}

void Found::operator+=(const Found& other) {
  right += other.right;
  wrong += other.wrong;
  missing += other.missing;
  swaps += other.swaps;
  doubt_right += other.doubt_right;
  doubt_wrong += other.doubt_wrong;
}

Found compare(const types::Tracks& tracks, const AnnotatedClip& clip) {
  Found all;
  for (const Side side : types::both_sides) {
    for (const auto& point : tracks[side].points) {
      const auto at = clip.frames.find(point.number);
      if (at == clip.frames.end() || !at->second[side]) continue;
      Found found = judged(point, at->second, side);
      if (found.right > 0) found.doubt_right = point.doubt;
      if (found.wrong > 0) found.doubt_wrong = point.doubt;
      all += found;
      if (found.right == 0)
        std::fprintf(stderr, "  %s %lld %s: %s\n", clip.name.c_str(), static_cast<long long>(point.number),
                     std::string(to_string(side)).c_str(), found.missing > 0 ? "missing" : "wrong");
    }
  }
  return all;
}

void report(const std::string& name, const Found& found) {
  const double all = std::max(1, found.all());
  report("eyes", name,
         {{"right", found.right / all},
          {"wrong", found.wrong / all},
          {"missing", found.missing / all},
          {"swaps", static_cast<double>(found.swaps)},
          {"marks", all}});
}

Reference reference_of(const AnnotatedClip& clip, std::size_t frames) {
  Reference reference{std::vector<Fencers>(frames), frames};
  for (const auto& [number, marks] : clip.frames) {
    for (const Side side : types::both_sides) {
      const auto& mark = marks[side];
      if (!mark || number < 0 || static_cast<std::size_t>(number) >= frames) continue;
      reference.frames[static_cast<std::size_t>(number)][side].fill(
          {static_cast<float>(mark->x), static_cast<float>(mark->y), 1});
    }
  }
  return reference;
}

}  // namespace piste::bench
