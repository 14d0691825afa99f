#include "client/window.h"

namespace piste::client {

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
