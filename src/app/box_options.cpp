#include "app/box_options.h"

#include <cmath>

#include "base/number.h"
#include "base/text.h"

namespace piste::app {
namespace {

constexpr double most_offset_ms = 5'000;

base::Result<base::Done, BoxError> set_offset(inlets::Box& box, std::string_view value) {
  const auto ms = base::number_in<double>(value);
  if (!ms || !(std::abs(*ms) <= most_offset_ms))
    return wrong_box("camera-offset must be milliseconds from -5000 to 5000");
  box.camera_offset = *ms / 1000;
  return base::Done{};
}

base::Result<base::Done, BoxError> set_greeting(inlets::Box& box, std::string_view value) {
  const auto at = inlets::host_and_port(value);
  if (!at || at->host.empty()) return wrong_box("hello must be the box's HOST or HOST:PORT");
  inlets::Greeting greeting;
  greeting.host = at->host;
  greeting.port = at->port.value_or(greeting.port);
  box.greeting = std::move(greeting);
  return base::Done{};
}

}  // namespace

base::Error<BoxError> wrong_box(std::string message) {
  return {BoxError::wrong, std::move(message)};
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> names;
  for (const auto& [name, protocol] : boxes::protocols) names.emplace_back(name);
  return names;
}

base::Result<boxes::Protocol, BoxError> protocol_named(std::string_view name) {
  std::string all;
  for (const auto& [known, protocol] : boxes::protocols) {
    if (known == name) return protocol;
    all.append(all.empty() ? "" : ", ").append(known);
  }
  return wrong_box("\"" + base::escaped(name) + "\" is no protocol; give one of " + all);
}

base::Result<base::Done, BoxError> set_option(inlets::Box& box, std::string_view name,
                                              std::string_view value) {
  if (name == "swap-sides" && value.empty()) {
    box.settings.swap_sides = true;
  } else if (name == "white-order" && (value == "left-right" || value == "right-left")) {
    box.settings.whites_swapped = value == "left-right";
  } else if (name == "box-piste" && !value.empty()) {
    box.settings.piste = value;
  } else if (name == "camera-offset") {
    return set_offset(box, value);
  } else if (name == "hello") {
    return set_greeting(box, value);
  } else {
    return wrong_box("\"" + base::escaped(name) + (value.empty() ? "" : "=" + base::escaped(value)) +
                     "\" is not right; there are swap-sides, camera-offset=MS, white-order=left-right, "
                     "box-piste=NAME, hello=HOST[:PORT]");
  }
  return base::Done{};
}

base::Result<base::Done, BoxError> check_box(const inlets::Box& box) {
  const bool cyrano = box.protocol == boxes::Protocol::cyrano;
  if (box.greeting && !(cyrano && std::holds_alternative<inlets::Udp>(box.address)))
    return wrong_box("hello is for cyrano over udp");
  return base::Done{};
}

}  // namespace piste::app
