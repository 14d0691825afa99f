#include "boxes/efp_text.h"

#include <utility>

#include "boxes/fields.h"

namespace piste::boxes {
namespace {

// Nobody has published how late a datagram is; 0 to 100 ms is assumed.
constexpr double lateness = 0.1;
// In a recording without times a message is somewhere between two that the running clock dates.
constexpr double recorded_error = 1;
constexpr double longest_step = 600;

}  // namespace

Moment MessageTime::next(std::optional<double> told, std::optional<double> seconds, bool running) {
  if (told) return {*told - lateness / 2, lateness / 2};
  if (ran_ && seconds && *seconds < *ran_ && *ran_ - *seconds < longest_step) now_ += *ran_ - *seconds;
  if (seconds || !running) ran_ = running ? seconds : std::nullopt;
  return {now_, recorded_error};
}

void EfpDecoder::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  received_ = received;
  for (const std::uint8_t byte : bytes) {
    ++position_;
    if (const auto whole = lines_.next(static_cast<char>(byte))) line(*whole, out);
  }
  if (received) quiet(*received, out);
}

void EfpDecoder::finish(Events& out) {
  if (const auto whole = lines_.rest()) line(*whole, out);
}

// Datagrams that were recorded without line ends follow one another at once.
void EfpDecoder::line(std::string_view line, Events& out) {
  constexpr std::string_view begin = "|EFP";
  const auto noted = take_time(line);
  const auto told = noted ? noted : received_;
  while (!line.empty()) {
    const auto next = line.find(begin, 1);
    one(line.substr(0, next), told, out);
    if (next == std::string_view::npos) return;
    line.remove_prefix(next);
  }
}

void EfpDecoder::one(std::string_view message, std::optional<double> told, Events& out) {
  const std::size_t size = message.size();
  const bool own = is_own(message);
  if (own) {
    message.remove_prefix(1);  // one bar at each end, and not one more: leading fields may be empty
    if (this->message(message, told, out)) return;
    noise_.spot(position_);
  }
  tally_.stray_bytes += size;
}

bool EfpDecoder::is_ours(std::string_view piste) {
  if (piste.empty()) return true;  // an incomplete message of the one that we listen to
  if (piste_.empty()) piste_ = piste;
  if (piste == piste_) return true;
  ++tally_.other_pistes;
  return false;
}

std::optional<LampReading> EfpDecoder::lamp(LampBits& known, std::string_view valid, std::string_view white) {
  if (valid.empty() && white.empty()) return std::nullopt;
  if (const auto told = flag(valid)) known.valid = told;
  if (const auto told = flag(white)) known.white = told;
  return lit(known.valid.value_or(false), known.white.value_or(false));
}

void EfpDecoder::tell_info(Reading reading, std::optional<double> told, Events& out) {
  running_ = reading.clock.running.value_or(running_);
  const Moment moment = time_.next(told, reading.clock.seconds, running_);
  tell(std::move(reading), moment, noise_.noisy(position_), told.value_or(moment.at), out);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto end = text.find(separator);
    fields.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> stopwatch(std::string_view text) {
  double minutes = 0;
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    const auto whole = padded_number(text.substr(0, colon));
    if (!whole || *whole > 99) return std::nullopt;
    minutes = *whole;
    text.remove_prefix(colon + 1);
  }
  for (const char c : text) {
    if (c != '.' && (c < '0' || c > '9')) return std::nullopt;
  }
  const auto seconds = base::number_in<double>(text);
  if (!seconds || *seconds >= (colon == std::string_view::npos ? 6000 : 60)) return std::nullopt;
  return minutes * 60 + *seconds;
}

std::optional<std::string> state_name(std::string_view letter) {
  if (letter == "F") return "fencing";
  if (letter == "H") return "halt";
  if (letter == "P") return "pause";
  if (letter == "W") return "waiting";
  if (letter == "E") return "ending";
  if (letter == "A") return "inactive";  // EFP2
  return std::nullopt;
}

std::optional<std::string> weapon_name(std::string_view letter) {
  if (letter == "F") return "foil";
  if (letter == "E") return "epee";
  if (letter == "S") return "sabre";
  return std::nullopt;
}

std::optional<Priority> priority_of(std::string_view letter) {
  if (letter == "N") return Priority::none;
  if (letter == "R") return Priority::right;
  if (letter == "L") return Priority::left;
  return std::nullopt;
}

bool read_number(std::string_view field, int most, std::optional<int>& number) {
  if (field.empty()) return true;
  number = padded_number(field);
  return number && *number <= most;
}

}  // namespace piste::boxes
