#include "render/motion.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "render/choreography.h"
#include "render/script.h"
#include "scoring/box_log.h"

namespace piste::render {
namespace {

constexpr double rate = 120;  // stances a second
constexpr std::size_t largest_file = std::size_t{1} << 20U;

std::uint64_t seed_of(const std::string& id, types::Side side) {
  std::uint64_t hash = side == types::Side::left ? 1469598103934665603ULL : 1099511628211ULL;
  for (const char letter : id) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
  return hash >> 20U;
}

Build build_of(const FencerScript& script, types::Side side) {
  return {script.height, script.right_handed, side == types::Side::left ? 1.0 : -1.0};
}

std::string seconds(double time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", time);
  return text;
}

}  // namespace

Result<Scene> perform(const Script& script) {
  const types::PerSide<Build> builds{build_of(script.fencers.left, types::Side::left),
                                     build_of(script.fencers.right, types::Side::right)};
  const types::PerSide<Choreography> choreographies{
      Choreography(script.fencers.left, seed_of(script.id, types::Side::left)),
      Choreography(script.fencers.right, seed_of(script.id, types::Side::right))};
  Scene scene;
  const auto samples = static_cast<int>(std::ceil(script.duration * rate)) + 1;
  for (int i = 0; i < samples; ++i) {
    const double time = i / rate;
    types::PerSide<Posture> postures{choreographies.left.at(time), choreographies.right.at(time)};
    if (postures.left.front_foot + postures.right.front_foot > -.1) {
      return Error{ErrorCode::invalid, "fencers: their front feet would meet at " + seconds(time) +
                                           ": shorten the distances, or begin further apart"};
    }
    types::PerSide<Body> bodies{take_posture(postures.left, builds.left),
                                take_posture(postures.right, builds.right)};
    for (const types::Side side : types::both_sides) {
      const Point target = bodies[types::opposite(side)].target;
      const Point tip = blade_tip(postures[side], builds[side], bodies[side].hand, target);
      scene.fencers[side].stances.push_back({bodies[side].joints, tip});
    }
  }
  for (const types::Side side : types::both_sides) {
    scene.fencers[side].rate = rate;
    scene.fencers[side].right_handed = script.fencers[side].right_handed;
  }
  return scene;
}

Result<Scene> parse_motion(std::string_view json) {
  const auto script = parse_script(json);
  if (!script) return script.error();
  auto scene = perform(*script);
  if (!scene) return scene.error();
  scene->id = script->id;
  scene->duration = script->duration;
  scene->phrase = script->phrase;
  scene->verdict = script->verdict;
  scene->centre = 0;
  scene->scoring_log =
      scoring::box_log(script->phrase, script->phrase_number, *scoring::parse_wall_clock(script->recorded));
  return scene;
}

Result<std::string> read_description(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string name = path.filename().string();
  if (!file || !std::filesystem::is_regular_file(path)) {
    return Error{ErrorCode::io, name + " cannot be opened for reading"};
  }
  std::string text(largest_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > largest_file) return Error{ErrorCode::invalid, name + " is larger than 1 MiB"};
  return text;
}

Result<Scene> load_motion(const std::filesystem::path& path) {
  const auto text = read_description(path);
  if (!text) return text.error();
  auto scene = parse_motion(*text);
  if (!scene) return Error{scene.error().code, path.filename().string() + ": " + scene.error().message};
  return scene;
}

}  // namespace piste::render
