#include "render/bout.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "render/choreography.h"
#include "render/fields.h"
#include "render/motion.h"
#include "render/script.h"

namespace piste::render {
namespace {

namespace json = boost::json;
namespace box = types::box;
using types::Side;

constexpr double walking = .8;      // m/s
constexpr double step = .45;        // m
constexpr double to_lower = .8;     // s in which a weapon is lowered, or brought on guard
constexpr double guard_time = 2.2;  // s that both stand on guard before the phrase
constexpr double lamps_last = 2.5;  // s
constexpr double to_halt = .6;      // s from the first hit to the referee's word
constexpr double to_score = 3;      // s from the phrase's end to the referee's button

enum class Kind { phrase, halt, wait, test, card };

struct Entry {
  Kind kind = Kind::wait;
  std::string motion;
  bool mirrored = false;
  std::optional<Side> only;        // whose lamp comes on
  std::optional<Side> off_target;  // whose hit is off target
  std::optional<Side> by;
  double seconds = 0;
};

std::optional<Side> side_in(const Field& field, std::string_view key) {
  if (!field.has(key)) return std::nullopt;
  return field[key].one_of({"left", "right"}) == "right" ? Side::right : Side::left;
}

Entry read_entry(const Field& field) {
  field.allow_only({"do", "motion", "mirrored", "only", "off_target", "by", "for"});
  const std::string deed = field["do"].one_of({"phrase", "halt", "wait", "test", "card"});
  Entry entry;
  if (deed == "phrase" || deed == "halt") {
    entry.kind = deed == "phrase" ? Kind::phrase : Kind::halt;
    entry.motion = field["motion"].text(100);
    entry.mirrored = field.flag("mirrored");
    entry.only = side_in(field, "only");
    entry.off_target = side_in(field, "off_target");
  } else if (deed == "wait") {
    entry.seconds = field["for"].number(0, 120);
  } else {
    entry.kind = deed == "test" ? Kind::test : Kind::card;
    entry.by = field["by"].one_of({"left", "right"}) == "right" ? Side::right : Side::left;
  }
  return entry;
}

Script mirror(Script script) {
  std::swap(script.fencers.left, script.fencers.right);
  for (auto& touch : script.phrase.touches) touch.scorer = types::opposite(touch.scorer);
  if (script.verdict == types::Winner::left || script.verdict == types::Winner::right)
    script.verdict = script.verdict == types::Winner::left ? types::Winner::right : types::Winner::left;
  return script;
}

// Puts one thing behind the other: the fencers, and what the box says of it.
class Stage {
 public:
  explicit Stage(double wait) : wait_(wait) {
    clock(false);
    lower_weapons();
  }

  void phrase(Script script, const Entry& entry) {
    if (entry.mirrored) script = mirror(std::move(script));
    come_on_guard(script);
    clock(true);
    const double start = now_;
    for (const Side side : types::both_sides) {
      for (Action action : script.fencers[side].actions) {
        action.from += start, action.to += start;
        fencers_[side].actions.push_back(action);
      }
    }
    std::vector<types::Touch> touches;
    for (types::Touch touch : script.phrase.touches) {
      if (entry.kind == Kind::halt || (entry.only && touch.scorer != *entry.only)) continue;
      touch.valid = !(entry.off_target && touch.scorer == *entry.off_target);
      touch.time += start;
      light(touch);
      touches.push_back(touch);
    }
    for (const double contact : script.phrase.blade_contacts) {
      add(start + contact, box::BladeContact{true});
      add(start + contact + .02, box::BladeContact{false});
    }
    const double halted = touches.empty() ? start + script.duration : touches.front().time + to_halt;
    now_ = start + script.duration;
    add(halted, box::Clock{false, seconds_left(halted)});
    ran_ += halted - start;
    running_since_.reset();
    if (!touches.empty()) {
      const auto verdict =
          touches.size() > 1 || entry.off_target ? script.verdict : types::winner_of(touches.front().scorer);
      phrases_.push_back({start, now_, touches, entry.off_target ? std::nullopt : verdict});
      if (!entry.off_target) score(verdict);
    }
    lower_weapons();
    now_ += wait_;
  }
  void wait(double seconds) { now_ += seconds; }
  void test(Side side) {
    light({side, now_ + 1, true});
    now_ += 1 + lamps_last;
  }
  void card(Side side) {
    add(now_ + 1, box::Card{side, box::CardKind::red, ++reds_[side]});
    ++points_[types::opposite(side)];
    add(now_ + 1.5, box::Score{{points_.left, points_.right}});
    now_ += 4;
  }

  Result<Bout> finish() && {
    Script script;
    script.id = "bout";
    script.duration = now_;
    script.fencers = std::move(fencers_);
    auto scene = perform(script);
    if (!scene) return scene.error();
    scene->id = script.id;
    scene->duration = now_;
    scene->centre = 0;
    scene->phrase.touches = std::move(touches_);
    scene->lamps_last = lamps_last;
    std::ranges::stable_sort(events_, {}, [](const box::Event& event) { return event.moment.at; });
    return Bout{std::move(*scene), std::move(phrases_), std::move(events_)};
  }

 private:
  void add(double at, box::What what) { events_.push_back({std::move(what), {at, 0}}); }
  double seconds_left(double at) const {
    return std::max(0.0, 180 - ran_ - (running_since_ ? at - *running_since_ : 0));
  }
  void clock(bool running) {
    add(now_, box::Clock{running, seconds_left(now_)});
    if (running) running_since_ = now_;
  }
  void light(const types::Touch& touch) {
    touches_.push_back(touch);
    add(touch.time, box::Lamp{touch.scorer,
                              touch.valid ? box::LampState::valid : box::LampState::off_target,
                              {},
                              false,
                              false});
    add(touch.time + lamps_last, box::Lamp{touch.scorer, box::LampState::off, {}, false, false});
  }
  void score(std::optional<types::Winner> winner) {
    points_.left += winner == types::Winner::left || winner == types::Winner::both ? 1 : 0;
    points_.right += winner == types::Winner::right || winner == types::Winner::both ? 1 : 0;
    add(now_ + to_score, box::Score{{points_.left, points_.right}});
  }
  // To where the phrase begins.
  void come_on_guard(const Script& script) {
    double longest = 0;
    for (const Side side : types::both_sides) {
      const double off = -script.fencers[side].start - place(side);
      const double takes = std::max(.4, std::abs(off) / walking);
      if (std::abs(off) > .02) go(side, now_, now_ + takes, off);
      longest = std::max(longest, std::abs(off) > .02 ? takes : 0.0);
    }
    now_ += longest + .1;
    for (const Side side : types::both_sides) act(side, Deed::en_garde, now_, now_ + to_lower);
    now_ += to_lower + guard_time;
  }
  void lower_weapons() {
    for (const Side side : types::both_sides) act(side, Deed::relax, now_ + .1, now_ + .1 + to_lower);
    now_ += .2 + to_lower;
  }
  double place(Side side) const { return Choreography(fencers_[side], 0).at(now_ + 60).front_foot; }
  void go(Side side, double from, double to, double distance) {
    Action action{distance > 0 ? Deed::advance : Deed::retreat, from, to, std::abs(distance)};
    action.steps = std::max(1, static_cast<int>(std::lround(std::abs(distance) / step)));
    fencers_[side].actions.push_back(action);
  }
  void act(Side side, Deed deed, double from, double to) {
    fencers_[side].actions.push_back({deed, from, to});
  }

  const double wait_;
  double now_ = 0;
  double ran_ = 0;
  std::optional<double> running_since_;
  types::PerSide<FencerScript> fencers_;
  types::PerSide<int> points_;
  types::PerSide<int> reds_;
  std::vector<types::Touch> touches_;
  std::vector<FencedPhrase> phrases_;
  std::vector<box::Event> events_;
};

Result<Script> load_script(const std::filesystem::path& path) {
  const auto text = read_description(path);
  if (!text) return text.error();
  auto script = parse_script(*text);
  if (!script) return Error{script.error().code, path.filename().string() + ": " + script.error().message};
  return script;
}

Result<base::Done> perform_entry(const Entry& entry, const std::filesystem::path& folder, Stage& stage) {
  if (entry.kind == Kind::wait) stage.wait(entry.seconds);
  if (entry.kind == Kind::test) stage.test(*entry.by);
  if (entry.kind == Kind::card) stage.card(*entry.by);
  if (entry.motion.empty()) return base::Done{};
  auto script = load_script(folder / entry.motion);
  if (!script) return script.error();
  stage.phrase(std::move(*script), entry);
  return base::Done{};
}

}  // namespace

Result<Bout> load_bout(const std::filesystem::path& path) {
  const auto text = read_description(path);
  if (!text) return text.error();
  const std::string name = path.filename().string();
  json::error_code failed;
  const json::value document = json::parse(*text, failed);
  if (failed) return Error{ErrorCode::invalid, name + ": this is not JSON (" + failed.message() + ")"};
  Problem problem;
  const Field root(&document, "", problem);
  root.allow_only({"id", "title", "wait", "happens"});
  Stage stage(root.number_or("wait", 4, 0, 120));
  std::vector<Entry> entries;
  for (const Field& field : root["happens"].items(100)) entries.push_back(read_entry(field));
  if (problem.found()) return Error{ErrorCode::invalid, name + ": " + problem.text()};
  for (const Entry& entry : entries) {
    if (auto done = perform_entry(entry, path.parent_path(), stage); !done) return done.error();
  }
  auto bout = std::move(stage).finish();
  if (!bout) return Error{bout.error().code, name + ": " + bout.error().message};
  return bout;
}

}  // namespace piste::render
