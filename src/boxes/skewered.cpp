#include "boxes/skewered.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

namespace piste::boxes {
namespace {

constexpr std::uint8_t state_type = 0xEE;
constexpr std::uint8_t event_type = 0xED;
constexpr std::uint8_t terminator = 0xFF;
constexpr std::size_t event_bytes = 6;
constexpr double sending = 0.0014;  // s that a packet is on the line
constexpr int oldest_ms = 999;      // an age stops there
// While bytes come with delays that nobody knows, a hit is watched for so long before its time is told.
constexpr double serial_settling = 0.04;
constexpr double radio_settling = 0.3;
// An age that falls back by more than this is that of another hit.
constexpr double another_hit = 0.1;

int bits(std::uint8_t byte, int from, int count) {
  return byte >> from & ((1 << count) - 1);
}

bool sums_up(std::span<const std::uint8_t> packet) {
  const auto body = packet.first(packet.size() - 2);
  return (std::accumulate(body.begin(), body.end(), 0) & 0xFF) == packet[packet.size() - 2];
}

int light(const Skewered::State& state, Side side) {
  return bits(state[6], side == Side::left ? 3 : 0, 3);
}

int light_ms(const Skewered::State& state, Side side) {
  if (side == Side::left) return bits(state[7], 0, 7) << 3 | state[8] >> 5;
  return bits(state[8], 0, 3) << 7 | state[9] >> 1;
}

// The maker's own decoder drops a packet with any value that means nothing, and so do we.
bool is_sound(const Skewered::State& state) {
  const bool enums = bits(state[1], 6, 2) != 3 && bits(state[1], 4, 2) != 3;
  const bool period = bits(state[1], 0, 4) >= 1 && bits(state[1], 0, 4) <= 9;
  const bool lights = light(state, Side::left) <= 4 && light(state, Side::right) <= 4;
  const bool ages = light_ms(state, Side::left) <= oldest_ms && light_ms(state, Side::right) <= oldest_ms;
  const bool cards = bits(state[12], 0, 2) != 3 && bits(state[12], 4, 2) != 3;
  return enums && period && lights && ages && cards && state[4] <= 99;
}

LampState lamp_state(int light) {
  constexpr std::array states{LampState::off, LampState::valid, LampState::off_target, LampState::too_short,
                              LampState::late};
  return states[static_cast<std::size_t>(light)];
}

Cards cards(int card, int p_card) {
  Cards cards;
  boxes::card(cards, CardKind::red) = card == 2 ? 1 : 0;
  if (card < 2) boxes::card(cards, CardKind::yellow) = card;  // a red card hides the yellow one
  for (const auto kind : {CardKind::p_yellow, CardKind::p_red, CardKind::p_black})
    boxes::card(cards, kind) =
        p_card == static_cast<int>(kind) - static_cast<int>(CardKind::p_yellow) + 1 ? 1 : 0;
  return cards;
}

Reading read(const Skewered::State& state) {
  constexpr std::array priorities{Priority::none, Priority::left, Priority::right};
  constexpr std::array weapons{"sabre", "epee", "foil"};
  Reading reading;
  reading.lockout = bits(state[0], 1, 1);
  reading.priority = priorities[static_cast<std::size_t>(bits(state[1], 6, 2))];
  reading.match["weapon"] = weapons[static_cast<std::size_t>(bits(state[1], 4, 2))];
  reading.match["period"] = std::to_string(bits(state[1], 0, 4));
  const int remaining = bits(state[2], 0, 2) << 8 | state[3];
  reading.clock = {bits(state[2], 2, 1) && !bits(state[2], 4, 1),
                   bits(state[2], 3, 1) ? remaining / 100.0 : remaining};
  reading.blade_contact = bits(state[5], 6, 1);
  reading.score.points = {bits(state[10], 0, 7), bits(state[11], 0, 7)};
  reading.cards.left = cards(bits(state[12], 0, 2), bits(state[12], 2, 2));
  reading.cards.right = cards(bits(state[12], 4, 2), bits(state[12], 6, 2));
  return reading;
}

// Without what bridges put between the bytes: "0x02 01", "02:01", "02-01".
std::string without_separators(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != ':' && c != '-') digits += c;
  }
  return digits;
}

// "0201...": false where it is anything but so many bytes in hex.
template <std::size_t count>
bool read_hex(std::string_view text, std::array<std::uint8_t, count>& bytes) {
  if (text.size() != 2 * count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const char* digits = text.data() + 2 * i;
    const auto [end, failed] = std::from_chars(digits, digits + 2, bytes[i], 16);
    if (failed != std::errc() || end != digits + 2) return false;
  }
  return true;
}

// The data alone, or the whole packet.
bool read_text(std::string_view digits, Skewered::State& data) {
  std::array<std::uint8_t, Skewered::packet_bytes> whole;
  if (!read_hex(digits, whole)) return read_hex(digits, data);
  if (whole.front() != state_type || whole.back() != terminator || !sums_up(whole)) return false;
  std::copy_n(whole.begin() + 1, data.size(), data.begin());
  return true;
}

}  // namespace

void Skewered::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  line_.chunk(bytes.size(), received);
  for (const std::uint8_t byte : bytes) {
    line_.next();
    serial_byte(byte, out);
    if (const auto line = text_.next(static_cast<char>(byte))) text_line(*line, out);
  }
  if (!line_.recorded()) quiet(line_.now(), out);
  if (line_.recorded() && !radio_) quiet(pace_.at(line_.position()), out);
}

void Skewered::finish(Events& out) {
  if (const auto line = text_.rest()) text_line(*line, out);
  for (const Side side : types::both_sides) {
    Hit& hit = hits_[side];
    if (!is_hit(hit.state) || hit.told) continue;
    Reading reading;
    reading.lamps[side] = LampReading{hit.state, {}, hit.moment, hit.another, hit.older};
    news_.tell(std::move(reading), hit.moment, doubtful(), out);
  }
}

// FF ends a packet, but is also a sum and a byte of the data: the window before each FF is tried.
void Skewered::serial_byte(std::uint8_t byte, Events& out) {
  ++tally_.stray_bytes;
  ++stray_;
  if (filled_ == window_.size())
    std::shift_left(window_.begin(), window_.end(), 1);
  else
    ++filled_;
  window_[filled_ - 1] = byte;
  if (byte != terminator) return;
  const std::span<const std::uint8_t> all(window_.data(), filled_);
  if (filled_ == packet_bytes && all.front() == state_type && sums_up(all)) {
    packet(packet_bytes);
    State data;
    std::copy_n(window_.begin() + 1, data.size(), data.begin());
    const double arrived = line_.recorded() ? pace_.frame(line_.position()) : line_.now();
    state(data, {arrived, period}, out);
  } else if (filled_ >= event_bytes && all.last(event_bytes).front() == event_type &&
             sums_up(all.last(event_bytes))) {
    packet(event_bytes);
    pace_.skip(event_bytes);
    ++tally_.messages;  // the state that follows says all that it says
  }
}

// A packet of so many bytes has ended.
void Skewered::packet(std::size_t bytes) {
  if (stray_ > bytes) noise_.spot(line_.position());
  tally_.stray_bytes -= bytes;
  stray_ = filled_ = 0;
}

void Skewered::text_line(std::string_view line, Events& out) {
  State data;
  std::optional<double> noted;
  // What begins like a time may be the first byte.
  if (!read_text(without_separators(line), data)) {
    std::string_view rest = line;
    noted = take_time(rest);
    if (!noted || !read_text(without_separators(rest), data)) return;
  }
  radio_ = true;
  packet(std::min<std::size_t>(line.size() + 1, tally_.stray_bytes));
  const bool timed = noted || !line_.recorded();
  state(data, {text_time(noted), timed ? 0.005 : radio_period / 2}, out);
}

double Skewered::text_time(std::optional<double> noted) {
  const double paced = static_cast<double>(text_lines_++) * radio_period;
  if (noted) return *noted;
  return line_.recorded() ? paced : line_.now();
}

void Skewered::state(const State& state, Moment arrived, Events& out) {
  if (!is_sound(state)) return;
  Reading reading = read(state);
  for (const Side side : types::both_sides) reading.lamps[side] = lamp(side, state, arrived);
  tell(std::move(reading), {arrived.at - sending, arrived.error}, doubtful(), arrived.at, out);
}

// The lamp as it is to be told now; nullopt while the time of its hit is still being found out.
std::optional<LampReading> Skewered::lamp(Side side, const State& state, Moment arrived) {
  Hit& hit = hits_[side];
  const int ms = light_ms(state, side);
  const LampState lit = lamp_state(light(state, side));
  if (!is_hit(lit)) {
    hit = {};
    const bool dated = lit != LampState::off;
    return LampReading{lit, dated ? std::optional(ms) : std::nullopt, std::nullopt};
  }
  const double at = arrived.at - ms / 1000.0 - sending;
  bool another = hit.state == lit && ms < oldest_ms && at > hit.moment.at + another_hit;
  if (another && doubtful() && !(hit.asked && std::abs(*hit.asked - at) < another_hit)) {
    hit.asked = at;
    another = false;
  }
  if (hit.state != lit || another) hit = {lit, {at, 0}, arrived.at, false, another, ms == oldest_ms, {}};
  hit.moment = {std::min(hit.moment.at, at), radio_ ? arrived.error : 0.002};
  const double settling = line_.recorded() ? 0 : radio_ ? radio_settling : serial_settling;
  if (arrived.at - hit.since < settling) return std::nullopt;
  const LampReading reading{lit, {}, hit.moment, hit.another && !hit.told, hit.older};
  hit.told = true;
  return reading;
}

}  // namespace piste::boxes
