#include "scoring/box_log.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <utility>
#include <vector>

namespace piste::scoring {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

std::string print(const char* format, ...) __attribute__((format(printf, 1, 2)));

std::string print(const char* format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

std::string wall_clock(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return print("%04d-%02u-%02u %02d:%02d:%02d", int{date.year()}, unsigned{date.month()},
               unsigned{date.day()}, static_cast<int>(clock.hours().count()),
               static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
}

struct Event {
  double time;
  std::string text;
};

std::string side_line(const types::Touch& touch) {
  return std::string(touch.valid ? "HIT: " : "Off-Target: ") +
         (touch.scorer == types::Side::right ? "Left scores on Right!" : "Right scores on Left!");
}

// Keeps the order of time, and of arrival where times are equal.
void insert(std::vector<Event>& events, Event event) {
  const auto later = [](double time, const Event& other) { return time < other.time; };
  events.insert(std::upper_bound(events.begin(), events.end(), event.time, later), std::move(event));
}

std::vector<Event> events(const types::Phrase& phrase) {
  std::vector<Event> result;
  for (const double contact : phrase.blade_contacts) {
    insert(result, {contact, "Off-Target: Blade-to-blade contact."});
  }
  for (std::size_t i = 0; i < phrase.touches.size(); ++i) {
    const types::Touch& touch = phrase.touches[i];
    const bool both_valid = touch.valid && phrase.touches.front().valid;
    if (i > 0 && both_valid) insert(result, {touch.time, "HIT: Simultaneous valid hits!"});
    insert(result, {touch.time, side_line(touch) + (i > 0 ? " (simultaneous)" : "")});
  }
  if (phrase.lockout) {
    insert(result,
           {phrase.lockout->start, print("Lockout period started (%.3fs window)", phrase.lockout->length)});
  }
  if (phrase.end) insert(result, {*phrase.end, "Phrase recording ended"});
  return result;
}

const char* lamp(const types::Phrase& phrase, types::Side side) {
  for (const types::Touch& touch : phrase.touches) {
    if (touch.scorer == side) return touch.valid ? "HIT" : "OFF-TARGET";
  }
  return "MISS";
}

std::string trailer(const types::Phrase& phrase, sys_seconds ended) {
  const std::string at = wall_clock(ended);
  std::string text = print("[%s] Interpretation -> Right Fencer: %s, Left Fencer: %s\n", at.c_str(),
                           lamp(phrase, types::Side::right), lamp(phrase, types::Side::left));
  if (phrase.touches.empty()) return text;
  const char* kind = phrase.touches.size() > 1 ? "double hit" : "single hit confirmation";
  return text + print("[%s] Awaiting manual winner selection (%s)\n", at.c_str(), kind);
}

}  // namespace

std::optional<sys_seconds> parse_wall_clock(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int used = 0;
  const std::string copy(text);
  if (copy.size() != 19 ||
      std::sscanf(copy.c_str(), "%4d-%2u-%2u %2u:%2u:%2u%n", &year, &month, &day, &hour, &minute, &second,
                  &used) != 6 ||
      used != 19) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second);
}

std::string box_log(const types::Phrase& phrase, int number, sys_seconds recorded) {
  const std::string start = wall_clock(recorded);
  const std::string cue = wall_clock(recorded - seconds(3));
  std::string text = print("Phrase %d initialized at %s\n", number, start.c_str()) +
                     print("Audio cue executed at %s\n", cue.c_str()) + "Audio cue duration: 2.48s\n" +
                     print("Start command issued at %s\n", start.c_str()) +
                     print("Recording started at %s\n", start.c_str()) +
                     " 0.000s | Phrase recording started\n";
  bool first_hit = true;
  for (const Event& event : events(phrase)) {
    text += print("%6.3fs | %s\n", event.time, event.text.c_str());
    if (first_hit && event.text.starts_with("HIT")) {
      text += "Lockout active (0.200s window)\n";
      first_hit = false;
    }
  }
  text += print("Scores -> Fencer 1: %s, Fencer 2: %s\n", lamp(phrase, types::Side::right),
                lamp(phrase, types::Side::left));
  const double length = phrase.end.value_or(0);
  return text + "Phrase ended\n" + trailer(phrase, recorded + seconds(static_cast<int>(std::ceil(length))));
}

}  // namespace piste::scoring
