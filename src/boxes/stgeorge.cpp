#include "boxes/stgeorge.h"

#include <string>
#include <utility>

#include "boxes/fields.h"

namespace piste::boxes {
namespace {

// A lamps frame takes 12.5 ms, and may wait for the frame before it for up to 29 ms.
constexpr double lamps_sending = 0.0125;
constexpr double longest_wait = 0.029;
// The time is told 2.4 times a second: told so often, it stands.
constexpr int standing = 4;

// 01 13 L R r G g W a w b 04; here W is the left white lamp, unlike RS422-FPA
std::optional<Reading> lamps(std::string_view frame) {
  if (frame.size() != 12 || frame[5] != 'G' || frame[7] != 'W' || frame[9] != 'w') return std::nullopt;
  const auto red = flag(frame.substr(4, 1));
  const auto green = flag(frame.substr(6, 1));
  const auto left_white = flag(frame.substr(8, 1));
  const auto right_white = flag(frame.substr(10, 1));
  if (!red || !green || !left_white || !right_white) return std::nullopt;
  Reading reading;
  reading.lamps = {lit(*red, *left_white), lit(*green, *right_white)};
  reading.lamps_just_changed = true;
  return reading;
}

// Txx:yy or Sxx:yy
std::optional<std::pair<int, int>> pair(std::string_view frame) {
  if (frame.size() != 9 || frame[5] != ':') return std::nullopt;
  const auto first = padded_number(frame.substr(3, 2));
  const auto second = padded_number(frame.substr(6, 2));
  if (!first || !second) return std::nullopt;
  return std::pair(*first, *second);
}

// "0c0n": c = 1 yellow, 2 red, 3 both; n = red cards
bool cards(std::string_view text, Cards& cards) {
  const int colours = text[1] - '0';
  const int reds = text[3] - '0';
  if (text[0] != '0' || text[2] != '0' || colours < 0 || colours > 3 || reds < 0 || reds > 9) return false;
  card(cards, CardKind::yellow) = colours & 1;
  card(cards, CardKind::red) = std::max(reds, colours >> 1);
  return true;
}

// 01 13 S T 02 rrr:lll 02 0c0n 02 0c0n 02 p 02 ...
std::optional<Reading> state(std::string_view frame) {
  if (frame.size() < 26 || frame[4] != '\x02' || frame[8] != ':' || frame[12] != '\x02' ||
      frame[17] != '\x02' || frame[22] != '\x02' || frame[24] != '\x02')
    return std::nullopt;
  const auto right = padded_number(frame.substr(5, 3));
  const auto left = padded_number(frame.substr(9, 3));
  Reading reading;
  const bool cards_read =
      cards(frame.substr(13, 4), reading.cards.right) && cards(frame.substr(18, 4), reading.cards.left);
  const char priority = frame[23];
  if (!right || !left || !cards_read || priority < '1' || priority > '3') return std::nullopt;
  reading.score.points = {left, right};
  reading.priority = priority == '1' ? Priority::right : priority == '2' ? Priority::left : Priority::none;
  return reading;
}

// R_F$, the time once more, and C...., which comes when cards change. RS422-FPA, of the same frames, has
// others.
bool is_unused(std::string_view type) {
  return type == "R_" || type[0] == 'C';
}

}  // namespace

void StGeorge::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  line_.chunk(bytes.size(), received);
  for (const std::uint8_t byte : bytes) {
    line_.next();
    if (const auto whole = frames_.next(static_cast<char>(byte))) frame(*whole, out);
    note_stray(frames_.take_stray());
  }
  quiet(line_.now(), out);
}

void StGeorge::frame(std::string_view frame, Events& out) {
  if (frame.size() < 5 || (frame[1] != '\x13' && frame[1] != '\x12')) return note_stray(frame.size());
  const std::string_view type = frame.substr(2, 2);
  const bool times = type[0] == 'T';
  std::optional<Reading> reading = Reading();
  Moment moment{line_.now() - lamps_sending - longest_wait / 2, longest_wait / 2};
  bool doubtful = noise_.noisy(line_.position());
  if (frame[1] == '\x12') {
    // unknown, and nobody needs it
  } else if (type == "LR") {
    reading = lamps(frame);
    if (reading) check_lamps(*reading);
    doubtful = false;  // it is never told again
  } else if (type == "ST") {
    reading = state(frame);
  } else if (times || type[0] == 'S') {
    const auto numbers = pair(frame);
    if (!numbers || (times && numbers->second > 59)) return note_stray(frame.size());
    if (times) {
      reading->clock.seconds = numbers->first * 60 + numbers->second;
      reading->clock.running = running(*reading->clock.seconds);
      moment.error = 1;  // of when it started or stopped
    } else {
      reading->score.points = {numbers->second, numbers->first};
    }
  } else if (!is_unused(type)) {
    reading.reset();
  }
  if (!reading) return note_stray(frame.size());
  tell(std::move(*reading), moment, doubtful, line_.now(), out);
}

// All lamps go out together, and none comes on then: on a line that damages bytes such a lamp is damage.
void StGeorge::check_lamps(Reading& reading) {
  bool goes_out = false;
  for (const Side side : types::both_sides)
    goes_out |= lamps_[side] != LampState::off && reading.lamps[side]->state == LampState::off;
  for (const Side side : types::both_sides) {
    LampState& state = reading.lamps[side]->state;
    if (goes_out && noise_.noisy(line_.position())) state = LampState::off;
    lamps_[side] = state;
  }
}

// The box does not say whether its clock runs: it does when it has gone on, and stands when it is told again
// and again.
std::optional<bool> StGeorge::running(double seconds) {
  const auto before = std::exchange(seconds_, seconds);
  if (!before) return std::nullopt;
  same_seconds_ = *before == seconds ? same_seconds_ + 1 : 0;
  if (*before - seconds == 1) return true;
  return same_seconds_ >= standing ? std::optional(false) : std::nullopt;
}

void StGeorge::note_stray(std::size_t bytes) {
  tally_.stray_bytes += bytes;
  if (bytes > 0) noise_.spot(line_.position());
}

}  // namespace piste::boxes
