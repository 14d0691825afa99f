#include "render/script.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "render/fields.h"
#include "scoring/box_log.h"

namespace piste::render {
namespace {

namespace json = boost::json;

constexpr double longest = 120;  // s
constexpr double lockout_delay = .055;
constexpr double lockout_length = .2;

struct DeedRow {
  std::string_view name;
  Deed deed;
  double least;  // distance, m
  double most;
  bool needs_distance;
};

constexpr std::array<DeedRow, 15> deeds{{
    {"en_garde", Deed::en_garde, 0, 0, false},
    {"pause", Deed::pause, 0, 0, false},
    {"advance", Deed::advance, 0, 6, true},
    {"retreat", Deed::retreat, 0, 6, true},
    {"preparation", Deed::preparation, 0, 3, true},
    {"attack", Deed::attack, 0, 4, true},
    {"lunge", Deed::lunge, 0, 1.6, true},
    {"parry", Deed::parry, -.6, .6, false},
    {"riposte", Deed::riposte, 0, 1.4, false},
    {"counterattack", Deed::counterattack, -.8, .8, false},
    {"remise", Deed::remise, 0, .6, false},
    {"deflected", Deed::deflected, 0, 0, false},
    {"recover", Deed::recover, 0, 0, false},
    {"relax", Deed::relax, 0, 0, false},
    {"walk", Deed::walk, -6, 6, true},
}};

const DeedRow& row_of(const std::string& name) {
  const auto found =
      std::find_if(deeds.begin(), deeds.end(), [&](const DeedRow& row) { return row.name == name; });
  return found != deeds.end() ? *found : deeds[1];  // an unknown name has been reported
}

Line line_of(const std::string& name) {
  if (name == "quarte") return Line::quarte;
  return name == "quinte" ? Line::quinte : Line::tierce;
}

Action read_action(const Field& field, double duration) {
  field.allow_only({"do", "from", "to", "distance", "steps", "line", "forward"});
  const DeedRow& row = row_of(field["do"].one_of({"en_garde", "pause", "advance", "retreat", "preparation",
                                                  "attack", "lunge", "parry", "riposte", "counterattack",
                                                  "remise", "deflected", "recover", "relax", "walk"}));
  Action action;
  action.deed = row.deed;
  action.from = field["from"].number(0, duration);
  action.to = field["to"].number(0, duration);
  if (action.to < action.from + .05) field["to"].wrong("must be at least .05 s after 'from'");
  if (row.needs_distance || field.has("distance"))
    action.distance = field["distance"].number(row.least, row.most);
  action.steps = static_cast<int>(field.number_or("steps", 1, 1, 20));
  if (field.has("line")) action.line = line_of(field["line"].one_of({"tierce", "quarte", "quinte"}));
  action.forward = field.flag("forward");
  return action;
}

FencerScript read_fencer(const Field& field, double duration) {
  field.allow_only({"start", "height", "hand", "actions"});
  FencerScript fencer;
  fencer.start = field.number_or("start", 2, -6, 6);
  fencer.height = field.number_or("height", 1.8, 1.2, 2.2);
  if (field.has("hand")) fencer.right_handed = field["hand"].one_of({"right", "left"}) == "right";
  for (const Field& item : field["actions"].items(200)) {
    const Action action = read_action(item, duration);
    if (!fencer.actions.empty() && action.from < fencer.actions.back().to - 1e-9) {
      item["from"].wrong("begins before the action in front of it has ended");
    }
    fencer.actions.push_back(action);
  }
  return fencer;
}

void read_hits(const Field& box, Script& script) {
  for (const Field& hit : box["hits"].items(2)) {
    hit.allow_only({"by", "at"});
    types::Touch touch;
    touch.scorer = hit["by"].one_of({"left", "right"}) == "right" ? types::Side::right : types::Side::left;
    touch.time = hit["at"].number(0, script.duration);
    script.phrase.touches.push_back(touch);
  }
  auto& touches = script.phrase.touches;
  if (touches.size() > 1 && touches[1].time < touches[0].time) std::swap(touches[0], touches[1]);
  if (touches.empty()) return;
  script.phrase.lockout = types::Lockout{touches[0].time + lockout_delay, lockout_length};
  if (touches.size() < 2) return;
  if (touches[0].scorer == touches[1].scorer) box["hits"].wrong("must be by different fencers");
  if (touches[1].time > touches[0].time + lockout_delay + lockout_length) {
    box["hits"].wrong("the second comes after the lockout: the box would not show it");
  }
}

void read_box(const Field& box, Script& script) {
  box.allow_only({"phrase", "recorded", "hits", "blade_contacts", "end"});
  script.phrase_number = static_cast<int>(box.number_or("phrase", 1, 1, 9999));
  script.recorded = box["recorded"].text(19);
  if (!scoring::parse_wall_clock(script.recorded))
    box["recorded"].wrong("must be a time as 2026-03-14 18:30:00");
  script.phrase.start = 0;
  script.phrase.end = box.number_or("end", script.duration, 0, script.duration);
  read_hits(box, script);
  for (const Field& contact : box["blade_contacts"].items(50)) {
    script.phrase.blade_contacts.push_back(contact.number(0, script.duration));
  }
  std::sort(script.phrase.blade_contacts.begin(), script.phrase.blade_contacts.end());
}

types::Winner winner_of(const std::string& word) {
  if (word == "left") return types::Winner::left;
  return word == "right" ? types::Winner::right : types::Winner::none;
}

Script read_script(const Field& root) {
  root.allow_only({"id", "title", "duration", "verdict", "fencers", "box"});
  Script script;
  script.id = root["id"].text(128);
  script.title = root["title"].text(200);
  script.duration = root["duration"].number(.2, longest);
  if (root.has("verdict")) script.verdict = winner_of(root["verdict"].one_of({"left", "right", "none"}));
  root["fencers"].allow_only({"left", "right"});
  script.fencers.left = read_fencer(root["fencers"]["left"], script.duration);
  script.fencers.right = read_fencer(root["fencers"]["right"], script.duration);
  read_box(root["box"], script);
  return script;
}

}  // namespace

Result<Script> parse_script(std::string_view text) {
  json::stream_parser parser;
  json::error_code failed;
  const std::size_t read = parser.write_some(text.data(), text.size(), failed);
  if (!failed) parser.finish(failed);
  if (failed || text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    return Error{ErrorCode::invalid, "line " + std::to_string(line) + ": this is not JSON" +
                                         (failed ? " (" + failed.message() + ")" : std::string())};
  }
  const json::value document = parser.release();
  Problem problem;
  Script script = read_script(Field(&document, "", problem));
  if (problem.found()) return Error{ErrorCode::invalid, problem.text()};
  return script;
}

}  // namespace piste::render
