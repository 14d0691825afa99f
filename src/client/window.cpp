#include "client/window.h"

#include <iterator>

namespace piste::client {

void FrameRanges::add(std::int64_t number) {
  auto after = runs_.upper_bound(number);
  const auto before = after == runs_.begin() ? runs_.end() : std::prev(after);
  if (before != runs_.end() && number <= before->second) return;
  ++count_;
  const bool joins_before = before != runs_.end() && before->second == number - 1;
  const bool joins_after = after != runs_.end() && after->first == number + 1;
  const std::int64_t last = joins_after ? after->second : number;
  if (joins_after) runs_.erase(after);
  if (joins_before) {
    before->second = last;
  } else {
    runs_[number] = last;
  }
}

std::string FrameRanges::text(std::size_t max_runs) const {
  if (runs_.empty()) return "none";
  std::string out;
  std::size_t shown = 0;
  for (const auto& [first, last] : runs_) {
    if (!out.empty()) out += ", ";
    if (shown++ == max_runs) return out + "...";
    out += std::to_string(first);
    if (last != first) out += "-" + std::to_string(last);
  }
  return out;
}

void Window::sent(std::int64_t number, std::size_t bytes, TimePoint now) {
  if (flying_.emplace(number, InFlight{bytes, now}).second) bytes_ += bytes;
}

std::optional<Window::InFlight> Window::answered(std::int64_t number) {
  const auto found = flying_.find(number);
  if (found == flying_.end()) return std::nullopt;
  const InFlight out = found->second;
  bytes_ -= out.bytes;
  flying_.erase(found);
  return out;
}

std::optional<std::int64_t> Window::oldest() const {
  if (flying_.empty()) return std::nullopt;
  return flying_.begin()->first;
}

}  // namespace piste::client
