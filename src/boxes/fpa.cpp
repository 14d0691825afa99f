#include "boxes/fpa.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "boxes/fields.h"

namespace piste::boxes {
namespace {

constexpr double lamps_sending = 0.0029;  // s: eleven bytes
constexpr double error = 0.005;

// A field ends with 02.
constexpr char separator = '\x02';

// 01 14 R r G g W a w b 04
std::optional<Reading> lamps(std::string_view frame, bool whites_swapped) {
  if (frame.size() != 11 || frame[2] != 'R' || frame[4] != 'G' || frame[6] != 'W' || frame[8] != 'w')
    return std::nullopt;
  const auto red = flag(frame.substr(3, 1));
  const auto green = flag(frame.substr(5, 1));
  auto right_white = flag(frame.substr(7, 1));
  auto left_white = flag(frame.substr(9, 1));
  if (!red || !green || !right_white || !left_white) return std::nullopt;
  if (whites_swapped) std::swap(right_white, left_white);
  Reading reading;
  reading.lamps = {lit(*red, *left_white), lit(*green, *right_white)};
  return reading;
}

// "_2:56", and ".7": only tenths count, for the second decimal of some boxes is no digit.
std::optional<double> seconds(std::string_view time, std::string_view fraction) {
  if (time.size() != 5 || time[2] != ':' || !std::isdigit(static_cast<unsigned char>(time[3])))
    return std::nullopt;
  const auto minutes = padded_number(time.substr(0, 2));
  const auto rest = padded_number(time.substr(3, 2));
  if (!minutes || !rest || *rest > 59) return std::nullopt;
  double tenths = 0;
  if (fraction.size() >= 2 && fraction[0] != ' ') {
    if (fraction[0] != '.') return std::nullopt;
    if (std::isdigit(static_cast<unsigned char>(fraction[1]))) tenths = (fraction[1] - '0') / 10.0;
  }
  return *minutes * 60 + *rest + tenths;
}

// 01 13 S 02 d m : s s [. h h] 04
std::optional<Reading> clock(std::string_view frame) {
  if (frame.size() != 10 && frame.size() != 13) return std::nullopt;
  const auto left = seconds(frame.substr(4, 5), frame.substr(9, frame.size() - 10));
  if (!left) return std::nullopt;
  const char state = frame[2];
  Reading reading;
  reading.clock = {state == 'R', left};
  reading.match["state"] = state == 'R'   ? "fencing"
                           : state == 'N' ? "halt"
                           : state == 'J' ? "injury"
                                          : "pause";
  return reading;
}

// yy rr b
bool cards(std::string_view text, Cards& cards) {
  const auto yellow = padded_number(text.substr(0, 2));
  const auto red = padded_number(text.substr(2, 2));
  const auto black = padded_number(text.substr(4, 1));
  if (!yellow || !red || !black) return false;
  card(cards, CardKind::yellow) = *yellow;
  card(cards, CardKind::red) = *red;
  card(cards, CardKind::black) = *black;
  return true;
}

// 01 13 D 02 RR : LL 02 yy rr b 02 yy rr b 02 P 02 round 02 v v 04, right before left
std::optional<Reading> score(std::string_view frame) {
  if (frame.size() != 29 && frame.size() != 30) return std::nullopt;
  const std::size_t last = frame.size() - 4;  // the separator after the round
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{9}, std::size_t{15}, std::size_t{21}, std::size_t{23}, last}) {
    if (frame[at] != separator) return std::nullopt;
  }
  const auto right = padded_number(frame.substr(4, 2));
  const auto left = padded_number(frame.substr(7, 2));
  Reading reading;
  const bool cards_read =
      cards(frame.substr(10, 5), reading.cards.right) && cards(frame.substr(16, 5), reading.cards.left);
  if (frame[6] != ':' || !right || !left || !cards_read) return std::nullopt;
  reading.score.points = {left, right};
  const char priority = frame[22];
  if (priority < '0' || priority > '2') return std::nullopt;
  reading.priority = priority == '1' ? Priority::right : priority == '2' ? Priority::left : Priority::none;
  if (const auto round = padded_number(frame.substr(24, last - 24)))
    reading.match["period"] = std::to_string(*round);
  return reading;
}

// 01 13 I 02 status 02 weapon 02 call 02 request 04
Reading status(std::string_view frame) {
  Reading reading;
  const auto weapon = frame.find(separator, 4);
  if (weapon == std::string_view::npos || weapon + 1 >= frame.size()) return reading;
  const char digit = frame[weapon + 1];
  if (digit == '1') reading.match["weapon"] = "epee";
  if (digit == '2') reading.match["weapon"] = "sabre";
  if (digit == '3') reading.match["weapon"] = "foil";
  return reading;
}

// 01 13 N L|R 02 id 02 name 02 nation 04
Reading name(std::string_view frame) {
  const std::string side = frame[3] == 'L' ? "left_" : "right_";
  Reading reading;
  std::string_view rest = frame.substr(5, frame.size() - 6);
  for (const char* field : {"id", "name", "nation"}) {
    const auto end = std::min(rest.find(separator), rest.size());
    if (end > 0 && end <= 20) reading.match[side + field] = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return reading;
}

// What the frame says; nullopt where it is damaged. A message that tells nothing we use is an empty reading.
std::optional<Reading> read(std::string_view frame, bool whites_swapped) {
  if (frame.size() < 6) return std::nullopt;
  if (frame[1] == '\x14') return lamps(frame, whites_swapped);
  if (frame[1] != '\x13') return std::nullopt;
  const std::string_view type = frame.substr(2, 2);
  if (type == "NL" || type == "NR") return name(frame);
  if (type == "BC") {
    const auto contact = flag(frame.substr(5, 1));
    if (frame.size() != 7 || frame[4] != separator || !contact) return std::nullopt;
    Reading reading;
    reading.blade_contact = contact;
    return reading;
  }
  if (type == "CS" || type == "UF") return Reading();
  if (type[1] != separator) return std::nullopt;
  switch (type[0]) {
    case 'R':
    case 'N':
    case 'J':
    case 'B':
      return clock(frame);
    case 'D':
      return score(frame);
    case 'I':
      return status(frame);
    default:
      return Reading();
  }
}

}  // namespace

void Fpa::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  line_.chunk(bytes.size(), received);
  for (const std::uint8_t byte : bytes) {
    line_.next();
    if (const auto whole = frames_.next(static_cast<char>(byte))) frame(*whole, out);
    note_stray(frames_.take_stray());
  }
  quiet(line_.now(), out);
}

void Fpa::frame(std::string_view frame, Events& out) {
  auto reading = read(frame, whites_swapped_);
  if (!reading) return note_stray(frame.size());
  const double sending =
      frame[1] == '\x14' ? lamps_sending : static_cast<double>(frame.size()) * line_.byte();
  tell(std::move(*reading), {line_.now() - sending, error}, noise_.noisy(line_.position()), line_.now(), out);
}

void Fpa::note_stray(std::size_t bytes) {
  tally_.stray_bytes += bytes;
  if (bytes > 0) noise_.spot(line_.position());
}

}  // namespace piste::boxes
