#include "scoring/log.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "scoring/line.h"
#include "scoring/warnings.h"

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

std::string at(double time) {
  std::string text = std::to_string(time);
  return text.substr(0, text.find('.') + 4) + " s";
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
  double last_time = 0;
  std::size_t headers = 0;
  bool usable = false;
  bool not_text = false;
};

class Reader {
 public:
  explicit Reader(Warnings& warnings) : warnings_(warnings) {}

  // False: another phrase begins.
  bool read(std::string_view text) {
    ++number_;
    text_ = text;
    std::visit([this](const auto& value) { take(value); }, line::parse(text));
    return reading_.headers < 2;
  }
  Reading reading() && { return std::move(reading_); }

 private:
  void take(const line::Unknown&) {}
  void take(const line::Frame&) { reading_.usable = true; }
  void take(const line::Header&) {
    reading_.usable = true;
    ++reading_.headers;
  }
  void take(const line::RecordingStarted& started) {
    pass(started.time);
    if (!reading_.start) reading_.start = started.time;
  }
  void take(const line::RecordingEnded& ended) {
    pass(ended.time);
    if (!reading_.end) reading_.end = ended.time;
  }
  void take(const line::BladeContact& contact) {
    pass(contact.time);
    reading_.contacts.push_back(contact.time);
  }
  void take(const line::Hit& hit) {
    pass(hit.time);
    reading_.hits.push_back(hit);
  }
  void take(const line::LockoutStarted& lockout) {
    pass(lockout.time);
    reading_.lockouts.push_back(lockout);
  }
  void take(const line::Lamps& lamps) {
    reading_.usable = true;
    reading_.lamps = lamps.lit;
  }
  void take(const line::Human& human) { reading_.human = human.verdict; }
  void take(const line::BadTime&) { warnings_.add(number_, "no time of a phrase", text_); }
  void take(const line::NotText&) {
    reading_.not_text = true;
    warnings_.add(number_, "not text", text_);
  }

  void pass(double time) {
    reading_.usable = true;
    if (time < reading_.last_time && !backwards_) {
      warnings_.add("times go backwards in line " + std::to_string(number_) + "; events are put in order");
      backwards_ = true;
    }
    reading_.last_time = std::max(reading_.last_time, time);
  }

  Warnings& warnings_;
  Reading reading_;
  std::size_t number_ = 0;
  std::string_view text_;
  bool backwards_ = false;
};

Reading read_lines(std::string_view bytes, Warnings& warnings) {
  Reader reader(warnings);
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (!reader.read(text)) {
      warnings.add("the log holds more than one phrase; only the first is read");
      break;
    }
  }
  return std::move(reader).reading();
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
  return reading.end.value_or(reading.last_time);
}

void add_unnamed(Touches& touches, Side side, double time, bool valid, Warnings& warnings) {
  warnings.add("no hit line names the " + std::string(to_string(side)) +
               " fencer, whose lamp came on; taken as " + at(time));
  put(touches, side, time, valid);
}

void apply_lamps(Touches& touches, const Reading& reading, Warnings& warnings) {
  const double time = time_of_lamp(reading);
  for (const Side side : types::both_sides) {
    const Lamp lamp = (*reading.lamps)[side];
    if (lamp != Lamp::none && !touches[side]) {
      add_unnamed(touches, side, time, lamp == Lamp::valid, warnings);
    } else if (lamp == Lamp::none && touches[side]) {
      warnings.add("a hit of the " + std::string(to_string(side)) + " fencer at " + at(touches[side]->time) +
                   " is ignored: the lamps line says that there was none");
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

types::Phrase phrase_of(Reading reading, const LogOptions& options, Warnings& warnings) {
  drop_unlit(reading, options.weapon);
  std::stable_sort(reading.hits.begin(), reading.hits.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  types::Phrase phrase;
  phrase.touches = touches_of(reading, options, warnings);
  phrase.lockout = lockout_of(reading, phrase.touches, options.weapon);
  phrase.blade_contacts = merged(std::move(reading.contacts));
  phrase.start = reading.start;
  phrase.end = reading.end;
  return phrase;
}

}  // namespace

Result<Log> parse_log(std::string_view bytes, const LogOptions& options) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{ErrorCode::empty, "the scoring log is empty; expected the text that the scoring box wrote"};
  }
  Warnings warnings;
  Reading reading = read_lines(bytes, warnings);
  if (!reading.usable) {
    return Error{ErrorCode::not_text, std::string(reading.not_text ? "the scoring log is not text"
                                                                   : "the scoring log holds no usable line") +
                                          "; expected lines like ' 4.809s | HIT: Right scores on Left!'"};
  }
  Log log;
  log.human_verdict = reading.human;
  log.phrase = phrase_of(std::move(reading), options, warnings);
  log.warnings = std::move(warnings).texts();
  return log;
}

}  // namespace piste::scoring
