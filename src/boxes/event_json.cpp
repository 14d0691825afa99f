#include "boxes/event_json.h"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "base/json_text.h"
#include "base/number.h"
#include "base/text.h"

namespace piste::boxes {
namespace {

namespace json = boost::json;

constexpr std::string_view lit_before = "lit before the box was heard";

double to_ms(double seconds) {
  return std::round(seconds * 1e4) / 10 + 0.0;  // to a tenth: no box is better than that; no -0
}

template <class T>
void put(json::object& out, std::string_view name, const std::optional<T>& value) {
  if (value) out[name] = *value;
}

struct Printer {
  json::object& out;

  void operator()(const Lamp& lamp) const {
    out["event"] = "lamp";
    out["side"] = to_string(lamp.side);
    out["state"] = to_string(lamp.state);
    put(out, "ms", lamp.ms);
    std::string note;
    if (lamp.order_unknown) {
      out["order"] = "unknown";
      note = "order unknown";
    }
    if (lamp.onset_unknown) note.append(note.empty() ? "" : "; ").append(lit_before);
    if (!note.empty()) out["note"] = note;
  }
  void operator()(const Clock& clock) const {
    out["event"] = "clock";
    put(out, "running", clock.running);
    put(out, "seconds", clock.seconds);
  }
  void operator()(const Score& score) const {
    out["event"] = "score";
    put(out, "left", score.points.left);
    put(out, "right", score.points.right);
  }
  void operator()(const Card& card) const {
    out["event"] = "card";
    out["side"] = to_string(card.side);
    out["card"] = to_string(card.kind);
    out["count"] = card.count;
  }
  void operator()(const PriorityGiven& given) const {
    out["event"] = "priority";
    out["side"] = to_string(given.to);
  }
  void operator()(const BladeContact& contact) const {
    out["event"] = "blade_contact";
    out["on"] = contact.on;
  }
  void operator()(const Lockout& lockout) const {
    out["event"] = "lockout";
    out["on"] = lockout.on;
  }
  void operator()(const Match& match) const {
    out["event"] = "match";
    for (const auto& [name, value] : match.fields) {
      const auto number = base::number_in<int>(value);
      if (name == "period" && number)
        out[name] = *number;
      else
        out[name] = base::escaped(value);
    }
  }
  void operator()(const Link& link) const {
    out["event"] = "link";
    out["on"] = link.on;
    if (!link.note.empty()) out["note"] = link.note;
  }
};

// Reads the fields of one line; the first that is wrong is remembered.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  std::optional<double> number(std::string_view name, double least, double most) {
    const json::value* value = object_.if_contains(name);
    if (!value) return std::nullopt;
    json::error_code failed;
    const auto number = value->to_number<double>(failed);
    if (!failed && number >= least && number <= most) return number;
    complain(name, "must be a number from " + base::json_number(least) + " to " + base::json_number(most));
    return std::nullopt;
  }
  std::optional<int> whole(std::string_view name, int most) {
    const auto found = number(name, 0, most);
    if (found && *found != std::floor(*found)) complain(name, "must be a whole number");
    return found ? std::optional(static_cast<int>(*found)) : std::nullopt;
  }
  std::optional<bool> flag(std::string_view name) {
    const json::value* value = object_.if_contains(name);
    if (!value) return std::nullopt;
    if (const bool* flag = value->if_bool()) return *flag;
    complain(name, "must be true or false");
    return std::nullopt;
  }
  std::string text(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  }
  // One of the values by its name; `values` are tried in order.
  template <class T, std::size_t count>
  T choice(std::string_view name, const std::array<T, count>& values) {
    const std::string found = text(name);
    std::string names;
    for (const T& value : values) {
      if (found == to_string(value)) return value;
      names.append(names.empty() ? "" : ", ").append(to_string(value));
    }
    complain(name, "must be one of " + names);
    return values[0];
  }
  template <class T>
  T needed(std::string_view name, const std::optional<T>& value) {
    if (!value && problem_.empty()) complain(name, "is missing");
    return value.value_or(T{});
  }
  void complain(std::string_view name, const std::string& what) {
    if (problem_.empty()) problem_ = "\"" + std::string(name) + "\" " + what;
  }
  const std::string& problem() const { return problem_; }
  const json::object& object() const { return object_; }

 private:
  const json::object& object_;
  std::string problem_;
};

constexpr int most_points = 9999;  // a damaged display shows anything
constexpr int longest_ms = 9999;

Lamp read_lamp(Fields& fields) {
  constexpr std::array states{LampState::off, LampState::valid, LampState::off_target, LampState::late,
                              LampState::too_short};
  Lamp lamp;
  lamp.side = fields.choice("side", types::both_sides);
  lamp.state = fields.choice("state", states);
  lamp.ms = fields.whole("ms", longest_ms);
  lamp.order_unknown = fields.text("order") == "unknown";
  lamp.onset_unknown = fields.text("note").ends_with(lit_before);
  return lamp;
}

Card read_card(Fields& fields) {
  constexpr std::array kinds{CardKind::yellow,   CardKind::red,   CardKind::black,
                             CardKind::p_yellow, CardKind::p_red, CardKind::p_black};
  Card card;
  card.side = fields.choice("side", types::both_sides);
  card.kind = fields.choice("card", kinds);
  card.count = fields.needed("count", fields.whole("count", most_points));
  return card;
}

Match read_match(const json::object& object) {
  Match match;
  for (const auto& [name, value] : object) {
    if (name == "event" || name == "at_ms" || name == "error_ms") continue;
    if (value.is_string()) match.fields.emplace(name, value.get_string());
    if (value.is_int64()) match.fields.emplace(name, std::to_string(value.get_int64()));
  }
  return match;
}

What read_what(Fields& fields) {
  constexpr std::array priorities{Priority::none, Priority::left, Priority::right};
  const std::string kind = fields.text("event");
  const auto on = [&] { return fields.needed("on", fields.flag("on")); };
  if (kind == "lamp") return read_lamp(fields);
  if (kind == "clock") return Clock{fields.flag("running"), fields.number("seconds", 0, 6000)};
  if (kind == "score") return Score{{fields.whole("left", most_points), fields.whole("right", most_points)}};
  if (kind == "card") return read_card(fields);
  if (kind == "priority") return PriorityGiven{fields.choice("side", priorities)};
  if (kind == "blade_contact") return BladeContact{on()};
  if (kind == "lockout") return Lockout{on()};
  if (kind == "match") return read_match(fields.object());
  if (kind == "link") return Link{on(), fields.text("note")};
  fields.complain("event",
                  "must be one of lamp, clock, score, card, priority, blade_contact, lockout, match, link");
  return Link{};
}

base::Error<LineError> malformed(std::string message) {
  return {LineError::malformed, std::move(message)};
}

}  // namespace

base::Result<ToldEvent, LineError> parse_event(std::string_view line) {
  constexpr double longest = 1e17;  // ms: whatever a box counts from
  json::error_code failed;
  const json::value value = json::parse(json::string_view(line), failed);
  if (failed) return malformed("not JSON: " + failed.message());
  if (!value.is_object()) return malformed("not a JSON object");
  Fields fields(value.get_object());
  ToldEvent told;
  told.what = read_what(fields);
  if (const auto at = fields.number("at_ms", -longest, longest)) told.at = *at / 1000;
  if (const auto error = fields.number("error_ms", 0, longest)) told.error = *error / 1000;
  if (!fields.problem().empty()) return malformed(fields.problem());
  return told;
}

std::string json_line(const Event& event) {
  json::object out;
  out["event"] = nullptr;  // first in the line
  out["at_ms"] = to_ms(event.moment.at);
  out["error_ms"] = to_ms(event.moment.error);
  std::visit(Printer{out}, event.what);
  return base::json_text(out);
}

}  // namespace piste::boxes
