#include "scoring/log.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "scoring/line.h"
#include "scoring/plain_text.h"
#include "scoring/warnings.h"
#include "types/said.h"

namespace piste::scoring {
namespace {

using line::Lamp;
using types::PerSide;
using types::Side;
using types::Touch;

// The box repeats itself every 14 to 33 ms while the blades stay together; 54 ms and more apart are two
// contacts.
constexpr double contact_merge = 0.050;  // s

// Under the rules; only used where the log has a lockout without a length.
double usual_lockout(types::Weapon weapon) {
  switch (weapon) {
    case types::Weapon::foil:
      return 0.300;
    case types::Weapon::epee:
      return 0.045;
    default:
      return 0.170;
  }
}

// A hit that comes this long after another is not of the same action: no lockout is as long.
constexpr double another_action = 1.0;     // s
constexpr std::size_t longest_quote = 80;  // bytes

std::string at(double time) {
  std::string text = std::to_string(time);
  return text.substr(0, text.find('.') + 4) + " s";
}

std::string quoted(std::size_t number, std::string_view line) {
  return "line " + std::to_string(number) + " (\"" + base::escaped(line.substr(0, longest_quote)) + "\")";
}

// What the lines said, before it is made to agree. Sides of hits are the box's own.
struct Reading {
  std::vector<line::Hit> hits;
  std::vector<line::LockoutStarted> lockouts;
  std::vector<double> contacts;
  std::optional<double> start;
  std::optional<double> end;
  std::optional<PerSide<Lamp>> lamps;
  std::optional<types::HumanVerdict> human;
  std::optional<double> last_time;
  std::string unreadable_hit;  // its line, quoted; empty: all hits could be read
  std::string lamps_line;      // likewise
  bool header = false;
  bool usable = false;
  bool not_text = false;

  bool has_events() const { return last_time || lamps || !unreadable_hit.empty(); }
};

// Lines -> phrases. Most logs hold one.
class Reader {
 public:
  explicit Reader(Warnings& warnings) : warnings_(warnings) {}

  void read(std::string_view text) {
    ++number_;
    text_ = text;
    std::visit([this](const auto& value) { take(value); }, line::parse(text));
  }
  // At least one; the last ones may hold no event.
  std::vector<Reading> readings() && { return std::move(readings_); }

 private:
  Reading& now() { return readings_.back(); }
  void begin_another() {
    readings_.emplace_back();
    backwards_ = false;
  }

  void take(const line::Unknown&) {}
  void take(const line::Frame&) { now().usable = true; }
  void take(const line::Header&) {
    if (now().header || now().has_events()) begin_another();
    now().usable = true;
    now().header = true;
  }
  void take(const line::RecordingStarted& started) {
    if (now().start && now().last_time > started.time) begin_another();
    pass(started.time);
    if (!now().start) now().start = started.time;
  }
  void take(const line::RecordingEnded& ended) {
    pass(ended.time);
    if (!now().end) now().end = ended.time;
  }
  void take(const line::BladeContact& contact) {
    pass(contact.time);
    now().contacts.push_back(contact.time);
  }
  void take(const line::Hit& hit) {
    pass(hit.time);
    now().hits.push_back(hit);
  }
  void take(const line::LockoutStarted& lockout) {
    pass(lockout.time);
    now().lockouts.push_back(lockout);
  }
  void take(const line::Lamps& lamps) {
    now().usable = true;
    now().lamps = lamps.lit;
    now().lamps_line = quoted(number_, text_);
  }
  void take(const line::Human& human) { now().human = human.verdict; }
  void take(const line::Unreadable& event) {
    warnings_.add(number_, event.hit ? "no hit that can be read" : "no time of a phrase", text_);
    if (event.hit) lose_hit();
  }
  void take(const line::NotText& line) {
    now().not_text = true;
    warnings_.add(number_, "not text", text_);
    if (line.hit) lose_hit();
  }

  void lose_hit() {
    now().usable = true;
    if (now().unreadable_hit.empty()) now().unreadable_hit = quoted(number_, text_);
  }

  void pass(double time) {
    now().usable = true;
    if (now().last_time > time && !backwards_) {
      warnings_.add(types::said("log_goes_back", {{"line", static_cast<double>(number_)}}));
      backwards_ = true;
    }
    now().last_time = std::max(now().last_time.value_or(time), time);
  }

  Warnings& warnings_;
  std::vector<Reading> readings_ = std::vector<Reading>(1);
  std::size_t number_ = 0;
  std::string_view text_;
  bool backwards_ = false;
};

std::vector<Reading> read_lines(std::string_view text, Warnings& warnings) {
  Reader reader(warnings);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
  }
  return std::move(reader).readings();
}

// When the phrase ended, as far as the log tells.
std::optional<double> end_of(const Reading& reading) {
  return reading.end ? reading.end : reading.last_time;
}

std::string name_of(const Reading& reading) {
  const auto end = end_of(reading);
  return end ? "one that ends at " + at(*end) : "one without a time";
}

template <class Values>
std::string joined(const Values& values, const char* between) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : between) + value;
  return text;
}

// Which of several phrases the video shows: the one that ends with it, as far as that is known; else the
// first.
Reading choose(std::vector<Reading> readings, const LogOptions& options, Log& log, Warnings& warnings) {
  const auto has_none = [](const Reading& reading) { return !reading.has_events(); };
  if (std::all_of(readings.begin(), readings.end(), has_none)) return std::move(readings.front());
  std::erase_if(readings, has_none);
  const auto distance = [&](const Reading& reading) {
    return std::abs(end_of(reading).value_or(HUGE_VAL) - *options.video_end);
  };
  auto chosen = readings.begin();
  if (options.video_end) {
    chosen = std::min_element(readings.begin(), readings.end(),
                              [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  }
  for (const Reading& reading : readings) {
    if (reading.end) log.ends.push_back(*reading.end);
  }
  if (readings.size() == 1) return std::move(*chosen);
  std::vector<std::string> names;
  for (const Reading& reading : readings) {
    if (names.size() < 5) names.push_back(name_of(reading));
  }
  log.doubt = types::said("many_phrases", {{"count", static_cast<double>(readings.size())}});
  warnings.add("the log holds more than one phrase (" + joined(names, ", ") + "); taken is " +
               name_of(*chosen) +
               (options.video_end ? ", as the video does at " + at(*options.video_end) : ", the first"));
  return std::move(*chosen);
}

bool is_double(const std::vector<line::Hit>& hits) {
  PerSide<bool> hit;
  for (const auto& one : hits) {
    if (!one.named) return true;
    hit[*one.named] = true;
  }
  return hit.left && hit.right;
}

// Hits, in order of time, as actions that are too far apart to be one.
std::vector<std::vector<line::Hit>> actions_of(const std::vector<line::Hit>& hits) {
  std::vector<std::vector<line::Hit>> actions;
  for (const auto& hit : hits) {
    if (actions.empty() || hit.time > actions.back().front().time + another_action) actions.emplace_back();
    actions.back().push_back(hit);
  }
  return actions;
}

// A phrase has one double hit. Where the log has several, the last one that the video shows is taken: it is
// what the phrase was stopped for.
void keep_one_action(Reading& reading, const LogOptions& options, Log& log, Warnings& warnings) {
  auto actions = actions_of(reading.hits);
  std::erase_if(actions, [](const auto& hits) { return !is_double(hits); });
  if (actions.size() < 2) return;
  std::vector<std::string> times;
  for (const auto& hits : actions) {
    if (times.size() < 5) times.push_back(at(hits.front().time));
  }
  std::size_t chosen = actions.size() - 1;
  while (chosen > 0 && options.video_end && actions[chosen].front().time > *options.video_end) --chosen;
  const std::string taken = at(actions[chosen].front().time);
  log.doubt = types::said("many_double_hits", {{"count", static_cast<double>(actions.size())}});
  warnings.add("the log holds more than one double hit (" + joined(times, ", ") + "); taken is that at " +
               taken);
  reading.hits = std::move(actions[chosen]);
}

using Touches = PerSide<std::optional<Touch>>;

void put(Touches& touches, Side scorer, double time, bool valid) {
  if (!touches[scorer]) touches[scorer] = Touch{scorer, time, valid};
}

// Only foil has a lamp for hits off target.
void drop_unlit(Reading& reading, types::Weapon weapon) {
  if (weapon == types::Weapon::foil) return;
  std::erase_if(reading.hits, [](const auto& hit) { return !hit.valid; });
  if (!reading.lamps) return;
  for (const Side side : types::both_sides) {
    Lamp& lamp = (*reading.lamps)[side];
    if (lamp == Lamp::off_target) lamp = Lamp::none;
  }
}

// The first hit of each side; a hit of both at once is that of whoever had none.
Touches named_touches(const Reading& reading, const LogOptions& options) {
  Touches touches;
  for (const auto& hit : reading.hits) {
    if (hit.named)
      put(touches, options.sides_swapped ? opposite(*hit.named) : *hit.named, hit.time, hit.valid);
  }
  for (const auto& hit : reading.hits) {
    if (hit.named) continue;
    for (const Side side : types::both_sides) put(touches, side, hit.time, true);
  }
  return touches;
}

// Time of a second hit line that names the same side again: older boxes wrote the other fencer's hit so.
std::optional<double> repeated_hit(const Reading& reading) {
  for (const auto& hit : reading.hits) {
    if (hit.named && hit.time > reading.hits.front().time) return hit.time;
  }
  return std::nullopt;
}

double time_of_lamp(const Reading& reading) {
  const bool both = reading.lamps->left != Lamp::none && reading.lamps->right != Lamp::none;
  if (both && repeated_hit(reading)) return *repeated_hit(reading);
  if (!reading.hits.empty()) return reading.hits.front().time;
  if (!reading.lockouts.empty()) return reading.lockouts.front().time;
  return end_of(reading).value_or(0);
}

void add_unnamed(Touches& touches, Side side, double time, bool valid, Warnings& warnings) {
  warnings.add(types::said("nobody_named", {{"who", side}, {"at", at(time)}}));
  put(touches, side, time, valid);
}

void apply_lamps(Touches& touches, const Reading& reading, Warnings& warnings) {
  const double time = time_of_lamp(reading);
  for (const Side side : types::both_sides) {
    const Lamp lamp = (*reading.lamps)[side];
    if (lamp != Lamp::none && !touches[side]) {
      add_unnamed(touches, side, time, lamp == Lamp::valid, warnings);
    } else if (lamp == Lamp::none && touches[side]) {
      warnings.add(types::said("hit_without_lamp", {{"who", side}, {"at", at(touches[side]->time)}}));
      touches[side].reset();
    } else if (touches[side]) {
      touches[side]->valid = lamp == Lamp::valid;
    }
  }
}

std::vector<Touch> touches_of(const Reading& reading, const LogOptions& options, Warnings& warnings) {
  Touches touches = named_touches(reading, options);
  if (reading.lamps) {
    apply_lamps(touches, reading, warnings);
  } else if (const auto again = repeated_hit(reading); again && !(touches.left && touches.right)) {
    add_unnamed(touches, touches.left ? Side::right : Side::left, *again, true, warnings);
  }
  std::vector<Touch> sorted;
  for (const Side side : types::both_sides) {
    if (touches[side]) sorted.push_back(*touches[side]);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return sorted;
}

std::vector<double> merged(std::vector<double> contacts) {
  std::sort(contacts.begin(), contacts.end());
  std::vector<double> first_of_each;
  double previous = -1;
  for (const double time : contacts) {
    if (time - previous > contact_merge) first_of_each.push_back(time);
    previous = time;
  }
  return first_of_each;
}

// The one that the first hit started.
std::optional<types::Lockout> lockout_of(const Reading& reading, const std::vector<Touch>& touches,
                                         types::Weapon weapon) {
  if (reading.lockouts.empty()) return std::nullopt;
  const double hit = touches.empty() ? 0 : touches.front().time;
  const auto after = std::find_if(reading.lockouts.begin(), reading.lockouts.end(),
                                  [&](const auto& lockout) { return lockout.time >= hit; });
  const auto& found = after == reading.lockouts.end() ? reading.lockouts.front() : *after;
  return types::Lockout{found.time, found.length.value_or(usual_lockout(weapon))};
}

types::Phrase phrase_of(Reading reading, const LogOptions& options, Log& log, Warnings& warnings) {
  drop_unlit(reading, options.weapon);
  std::stable_sort(reading.hits.begin(), reading.hits.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  keep_one_action(reading, options, log, warnings);
  types::Phrase phrase;
  phrase.touches = touches_of(reading, options, warnings);
  phrase.lockout = lockout_of(reading, phrase.touches, options.weapon);
  phrase.blade_contacts = merged(std::move(reading.contacts));
  phrase.start = reading.start;
  phrase.end = reading.end;
  return phrase;
}

constexpr const char* expected = "; expected lines like ' 4.809s | HIT: Right scores on Left!'";

// A hit whose time is not known has no place in the video, and no right of way.
std::optional<Error> hit_without_time(const Reading& reading) {
  const bool lit = reading.lamps && (reading.lamps->left != Lamp::none || reading.lamps->right != Lamp::none);
  std::string where;
  if (!reading.unreadable_hit.empty() && reading.hits.empty())
    where = reading.unreadable_hit;
  else if (lit && !reading.last_time)
    where = reading.lamps_line;
  if (where.empty()) return std::nullopt;
  return Error{ErrorCode::no_time,
               "the scoring log tells of a hit without a time that can be read, in " + where + expected};
}

}  // namespace

Result<Log> parse_log(std::string_view bytes, const LogOptions& options) {
  const std::string text = plain_text(bytes);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Error{ErrorCode::empty, "the scoring log is empty; expected the text that the scoring box wrote"};
  }
  Warnings warnings;
  std::vector<Reading> readings = read_lines(text, warnings);
  const auto any = [&](bool Reading::* is) {
    return std::any_of(readings.begin(), readings.end(), [&](const Reading& reading) { return reading.*is; });
  };
  if (!any(&Reading::usable)) {
    return Error{ErrorCode::not_text,
                 std::string(any(&Reading::not_text) ? "the scoring log is not text"
                                                     : "the scoring log holds no usable line") +
                     expected};
  }
  Log log;
  Reading reading = choose(std::move(readings), options, log, warnings);
  if (auto error = hit_without_time(reading)) return *error;
  if (!reading.unreadable_hit.empty() && log.doubt.empty())
    log.doubt = types::said("unreadable_hit", {{"line", reading.unreadable_hit}});
  log.human_verdict = reading.human;
  log.phrase = phrase_of(std::move(reading), options, log, warnings);
  log.warnings = std::move(warnings).texts();
  return log;
}

}  // namespace piste::scoring
