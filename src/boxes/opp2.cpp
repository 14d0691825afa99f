#include "boxes/opp2.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "boxes/efp_text.h"

namespace piste::boxes {
namespace {

namespace json = boost::json;

constexpr double error = 0.01;          // of a time from the box
constexpr double no_ts_error = 0.1;     // of a message that has none
constexpr std::uint64_t old_ms = 5000;  // lamps that were lit so long before anything else are of long ago
constexpr double rebooted = 10;         // s that a clock since the start must fall back by
constexpr int most_counted = 2'000'000'000;
constexpr double leap = 3600;  // s between two messages: the box's clock was set, or it lies

std::uint64_t value_of(std::uint64_t ts) {
  return ts & ((std::uint64_t{1} << 56) - 1);
}

const json::value* find(const json::object& object, std::string_view name) {
  return object.if_contains(name);
}

std::optional<bool> flag(const json::object& object, std::string_view name) {
  const auto* value = find(object, name);
  return value && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

std::optional<double> number(const json::object& object, std::string_view name) {
  const auto* value = find(object, name);
  if (!value || !value->is_number()) return std::nullopt;
  const auto number = value->to_number<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<int> whole(const json::object& object, std::string_view name, int most) {
  const auto found = number(object, name);
  if (!found || *found < 0 || *found > most) return std::nullopt;
  return static_cast<int>(*found);
}

std::string text(const json::object& object, std::string_view name) {
  const auto* value = find(object, name);
  if (value && value->is_string()) return std::string(value->get_string());
  if (value && value->is_int64()) return std::to_string(value->get_int64());
  return {};
}

const json::object* part(const json::object& object, std::string_view name) {
  const auto* value = find(object, name);
  return value ? value->if_object() : nullptr;
}

void put(Reading& reading, const std::string& name, std::string value) {
  if (!value.empty()) reading.match[name] = std::move(value);
}

std::optional<Reading> lights(const json::object& payload) {
  const auto* left = part(payload, "left");
  const auto* right = part(payload, "right");
  if (!left || !right) return std::nullopt;
  const auto red = flag(*left, "red");
  const auto green = flag(*right, "green");
  if (!red || !green) return std::nullopt;
  Reading reading;
  reading.lamps = {lit(*red, flag(*left, "white").value_or(false)),
                   lit(*green, flag(*right, "white").value_or(false))};
  return reading;
}

std::optional<Reading> clock(const json::object& payload) {
  Reading reading;
  reading.clock.running = flag(payload, "running");
  if (const auto ms = number(payload, "time_ms"); ms && *ms >= 0 && *ms < 6e6)
    reading.clock.seconds = *ms / 1000;
  else
    reading.clock.seconds = stopwatch(text(payload, "time"));
  return reading.clock.running || reading.clock.seconds ? std::optional(reading) : std::nullopt;
}

std::optional<Reading> score(const json::object& payload) {
  Reading reading;
  for (const Side side : types::both_sides) {
    const auto* fencer = part(payload, to_string(side));
    if (!fencer) return std::nullopt;
    Cards& cards = reading.cards[side];
    reading.score.points[side] = whole(*fencer, "score", 99);
    if (const auto yellow = flag(*fencer, "yellow_card")) card(cards, CardKind::yellow) = *yellow ? 1 : 0;
    if (const auto black = flag(*fencer, "black_card")) card(cards, CardKind::black) = *black ? 1 : 0;
    card(cards, CardKind::red) = whole(*fencer, "red_cards", 9);
    put(reading, std::string(to_string(side)) + "_status", text(*fencer, "status"));
  }
  reading.priority = priority_of(text(payload, "priority"));
  return reading;
}

std::optional<Reading> state(const json::object& payload) {
  const auto name = state_name(text(payload, "state"));
  if (!name) return std::nullopt;
  Reading reading;
  put(reading, "state", *name);
  return reading;
}

std::optional<Reading> fencers(const json::object& payload) {
  Reading reading;
  for (const Side side : types::both_sides) {
    const auto* of_side = part(payload, to_string(side));
    const auto* fencer = of_side ? part(*of_side, "fencer") : nullptr;
    if (!fencer) continue;
    for (const char* field : {"id", "name", "nation"})
      put(reading, std::string(to_string(side)) + "_" + field, text(*fencer, field));
  }
  const auto* common = part(payload, "common");
  const auto* referee = common ? part(*common, "referee") : nullptr;
  if (referee) put(reading, "referee_name", text(*referee, "name"));
  return reading;
}

std::optional<Reading> match(const json::object& payload) {
  Reading reading;
  put(reading, "weapon", weapon_name(text(payload, "weapon")).value_or(""));
  put(reading, "period", text(payload, "round"));
  for (const char* field : {"competition", "phase", "poule", "match"})
    put(reading, field, text(payload, field));
  return reading;
}

// P-cards by their ordinal: which card each is, the rules of the day say.
std::optional<Reading> passivity(const json::object& payload) {
  Reading reading;
  for (const Side side : types::both_sides) {
    const auto* fencer = part(payload, to_string(side));
    const auto count = fencer ? whole(*fencer, "p_card", 5) : std::nullopt;
    if (count) put(reading, std::string(to_string(side)) + "_p_cards", std::to_string(*count));
  }
  return reading;
}

std::optional<Reading> blade_contact(const json::object& payload) {
  Reading reading;
  reading.blade_contact = flag(payload, "active");
  return reading.blade_contact ? std::optional(reading) : std::nullopt;
}

std::optional<Reading> read(std::string_view type, const json::object& payload) {
  if (type == "lights") return lights(payload);
  if (type == "clock") return clock(payload);
  if (type == "blade_contact") return blade_contact(payload);
  if (type == "score") return score(payload);
  if (type == "state") return state(payload);
  if (type == "fencers") return fencers(payload);
  if (type == "match") return match(payload);
  if (type == "uw2f") return passivity(payload);
  return Reading();
}

bool is_lit(const Reading& reading) {
  return reading.lamps.left->state != LampState::off || reading.lamps.right->state != LampState::off;
}

}  // namespace

Moment BoxClock::at(std::uint64_t ts, std::optional<double> told, bool counts_anew) {
  const bool since_start = ts >> 56 != 0;
  const double box = static_cast<double>(value_of(ts)) / 1000;
  const bool was_set = std::abs(box - last_) > leap ||
                       (since_start && (box < last_ - rebooted || (counts_anew && box < last_)));
  if (since_start != since_start_ || was_set) {
    base_.reset();
    to_ours_.reset();
  }
  since_start_ = since_start;
  last_ = box;
  if (told) {
    to_ours_ = std::min(to_ours_.value_or(*told - box), *told - box);
    now_ = box + *to_ours_;
    return {now_, error};
  }
  if (!base_) base_ = box - now_;
  const double at = box - *base_;
  now_ = std::max(now_, at);
  return {at, error};
}

Moment BoxClock::now(std::optional<double> told) const {
  return told ? Moment{*told - no_ts_error / 2, no_ts_error / 2} : Moment{now_, no_ts_error};
}

void Opp2::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  received_ = received;
  for (const std::uint8_t byte : bytes) {
    if (const auto whole = lines_.next(static_cast<char>(byte))) line(*whole, out);
  }
}

void Opp2::finish(Events& out) {
  if (const auto whole = lines_.rest()) line(*whole, out);
  release(out);
}

void Opp2::line(std::string_view line, Events& out) {
  std::string_view rest = line;
  const auto noted = take_time(rest);
  const auto told = noted ? noted : received_;
  std::string topic;
  if (!rest.starts_with('{')) {
    const auto end = std::min(rest.find(' '), rest.size());
    topic = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  json::error_code failed;
  json::value value = json::parse(json::string_view(rest), failed);
  std::optional<bool> retain;
  if (!failed && topic.empty() && value.is_object()) {
    json::object& envelope = value.get_object();
    topic = text(envelope, "topic");
    retain = flag(envelope, "retain");
    json::value payload = envelope["payload"];
    if (payload.is_string()) payload = json::parse(payload.get_string(), failed);
    value = std::move(payload);
  }
  const bool understood =
      !failed && value.is_object() && message(topic, value.get_object(), retain, told, out);
  if (!understood) tally_.stray_bytes += line.size();
}

bool Opp2::message(std::string_view topic, const json::object& payload, std::optional<bool> retain,
                   std::optional<double> told, Events& out) {
  const auto parts = split(topic, '/');
  if (parts.size() != 4 || parts[0] != "openpiste") return false;
  const std::string protocol = text(payload, "protocol");
  if (!protocol.empty() && protocol != "OPP2") return false;
  Message message{
      std::string(topic), std::string(parts[3]), parts[2] == "apparatus", retain, told, {}, &payload};
  if (const auto* ts = payload.if_contains("ts"); ts && ts->is_number()) {
    json::error_code failed;
    message.ts = ts->to_number<std::uint64_t>(failed);
    if (failed) return false;
  }
  auto reading = read(message.type, payload);
  if (!reading) return false;
  if (piste_.empty()) piste_ = parts[1];
  if (piste_ != parts[1]) {
    ++tally_.other_pistes;
    return true;
  }
  const bool of_box = message.of_apparatus || message.type == "fencers" || message.type == "match";
  if (!of_box) {
    ++tally_.messages;
    return true;
  }
  settle(message, out);
  // Software counts its own messages.
  const auto seq = message.of_apparatus ? whole(payload, "seq", most_counted) : std::nullopt;
  const bool counts_anew = seq == 1 && seq_ > 1;
  seq_ = seq.value_or(seq_);
  topics_.insert(message.topic);
  const Moment moment = message.ts ? clock_.at(*message.ts, told, counts_anew) : clock_.now(told);
  if (message.type == "lights") {
    lights(message, *reading, moment, out);
  } else if (message.type == "connection" && !flag(payload, "online").value_or(true)) {
    ++tally_.messages;
    news_.lost(moment, "the broker says that the box is gone", out);
  } else {
    tell(std::move(*reading), moment, false, moment.at, out);
  }
  return true;
}

// Lamps of the first message are the broker's memory of long ago, if what follows shows it: a later message
// that is not from the memory, where the flag tells, or any that is much younger.
void Opp2::settle(const Message& message, Events& out) {
  if (!held_) return;
  const bool memory_has = message.type != "blade_contact" && message.of_apparatus;
  const bool younger = message.ts && value_of(*message.ts) > value_of(held_->ts) + old_ms;
  const bool flag_tells = held_->flagged && memory_has && message.retain == false;
  if (younger || flag_tells) {
    ignored_ = held_->ts;
    held_.reset();
  } else if (!memory_has || topics_.contains(message.topic)) {
    release(out);
  }
}

void Opp2::release(Events& out) {
  if (!held_) return;
  news_.tell(std::move(held_->reading), held_->moment, false, out);
  held_.reset();
}

void Opp2::lights(const Message& message, const Reading& reading, Moment moment, Events& out) {
  const bool first = !std::exchange(lights_heard_, true);
  if (ignored_ && message.ts && *message.ts <= *ignored_) {
    ++tally_.messages;
    return;
  }
  if (first && message.ts && is_lit(reading) && message.retain != false) {
    held_ = Held{reading, moment, *message.ts, message.retain == true};
    return tell({}, moment, false, moment.at, out);
  }
  tell(reading, moment, false, moment.at, out);
}

}  // namespace piste::boxes
