#include "boxes/favero.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace piste::boxes {
namespace {

constexpr std::uint8_t all_lamps = 0x3F;
// The lamps of a frame are those of a period before it was sent: its last byte comes this long after the
// middle of the time in which they may have changed.
constexpr double lag = 0.073;
constexpr double lag_error = 0.031;

bool is_bcd(std::uint8_t byte) {
  return (byte & 0x0F) <= 9 && byte >> 4 <= 9;
}

int bcd(std::uint8_t byte) {
  return (byte >> 4) * 10 + (byte & 0x0F);
}

bool is_frame(const Favero::Frame& bytes) {
  if (bytes[0] != 0xFF || bytes[5] & 0xC0 || bytes[7] == 0xFF || bytes[8] & 0xC0) return false;
  return (std::accumulate(bytes.begin(), bytes.end() - 1, 0) & 0xFF) == bytes[9];
}

// The FA-15's frame between the others: FE, P-cards of left and right in a way that nobody has published,
// sum.
bool is_p_cards(std::span<const std::uint8_t> bytes) {
  return bytes[0] == 0xFE && bytes[1] < 0x10 && bytes[2] < 0x10 &&
         ((bytes[0] + bytes[1] + bytes[2]) & 0xFF) == bytes[3];
}

// What the display shows when it is tested or switched on is no state of a bout.
bool is_test(const Favero::Frame& bytes) {
  const bool digits = is_bcd(bytes[1]) && is_bcd(bytes[2]) && is_bcd(bytes[3]) && (bytes[4] & 0x0F) <= 9;
  return !digits || bcd(bytes[3]) > 59 || bytes[5] == all_lamps;
}

Reading read(const Favero::Frame& bytes) {
  Reading reading;
  reading.score.points = {bcd(bytes[2]), bcd(bytes[1])};
  reading.clock = {(bytes[7] & 1) != 0, (bytes[4] & 0x0F) * 60.0 + bcd(bytes[3])};
  reading.lamps.left = lit(bytes[5] & 4, bytes[5] & 1);
  reading.lamps.right = lit(bytes[5] & 8, bytes[5] & 2);
  const bool left = bytes[6] & 8;
  const bool right = bytes[6] & 4;
  if (!(left && right)) reading.priority = left ? Priority::left : right ? Priority::right : Priority::none;
  if (const int period = bytes[6] & 3) reading.match["period"] = std::to_string(period);
  card(reading.cards.left, CardKind::yellow) = bytes[8] & 8 ? 1 : 0;
  card(reading.cards.right, CardKind::yellow) = bytes[8] & 4 ? 1 : 0;
  return reading;
}

}  // namespace

void Favero::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  line_.chunk(bytes.size(), received);
  for (const std::uint8_t next : bytes) byte(next, out);
  quiet(line_.recorded() ? pace_.at(line_.position()) : line_.now(), out);
}

// The window slides on byte by byte, for FF also comes as a checksum and as a digit of the lamp test.
void Favero::byte(std::uint8_t byte, Events& out) {
  line_.next();
  if (filled_ == window_.size()) {
    std::shift_left(window_.begin(), window_.end(), 1);
    --filled_;
    ++stray_;
    ++tally_.stray_bytes;
  }
  window_[filled_++] = byte;
  if (filled_ == window_.size() && is_frame(window_)) {
    if (stray_ > 0) noise_.spot(line_.position());
    frame(out);
    stray_ = filled_ = 0;
  } else if (filled_ == 4 && is_p_cards({window_.data(), 4})) {
    pace_.skip(4);
    filled_ = 0;
  }
}

void Favero::frame(Events& out) {
  const double arrived = line_.recorded() ? pace_.frame(line_.position()) : line_.now();
  const bool doubtful = noise_.noisy(line_.position());
  Reading reading;
  if (!is_test(window_)) {
    reading = read(window_);
    count_red_cards(reading, doubtful);
  }
  tell(std::move(reading), moment(arrived), doubtful, arrived, out);
}

// What is new may have been so since the frame before, however many were lost in between.
Moment Favero::moment(double arrived) {
  const auto before = std::exchange(arrived_, arrived);
  double lost = before ? arrived - *before - period : 0;
  if (lost < period / 2 || lost > *patience()) lost = 0;
  return {arrived - lag - lost / 2, lag_error + lost / 2};
}

// A red card shows for some seconds and goes out by itself, so its beginnings are counted.
void Favero::count_red_cards(Reading& reading, bool doubtful) {
  const PerSide<bool> shown{(window_[8] & 2) != 0, (window_[8] & 1) != 0};
  for (const Side side : types::both_sides) {
    Moment any;
    if (red_shown_[side].take(shown[side], doubtful, any) && shown[side]) ++red_cards_[side];
    card(reading.cards[side], CardKind::red) = red_cards_[side];
  }
}

}  // namespace piste::boxes
