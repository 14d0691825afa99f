#include "types/box_event.h"

#include <array>
#include <cstddef>

namespace piste::types::box {

std::string_view to_string(LampState state) {
  switch (state) {
    case LampState::valid:
      return "valid";
    case LampState::off_target:
      return "off_target";
    case LampState::late:
      return "late";
    case LampState::too_short:
      return "short";
    default:
      return "off";
  }
}

std::string_view to_string(Priority priority) {
  return priority == Priority::left ? "left" : priority == Priority::right ? "right" : "none";
}

std::string_view to_string(CardKind kind) {
  constexpr std::array<std::string_view, 6> names{"yellow", "red", "black", "p_yellow", "p_red", "p_black"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace piste::types::box
