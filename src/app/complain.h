// How a command says that it cannot do what it was asked.
#pragma once

#include <iostream>
#include <string_view>

#include "base/text.h"

namespace piste::app {

inline constexpr int exit_failed = 1;  // asked rightly, and it did not work
inline constexpr int exit_usage = 2;   // asked wrongly

inline int complain(std::string_view command, std::string_view message, int code = exit_usage) {
  std::cerr << command << ": " << base::escaped(message) << "\n";
  return code;
}

}  // namespace piste::app
