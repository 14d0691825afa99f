// For names that must not meet another one's.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

namespace piste::base {

// 64 random bits as hexadecimal digits. No secret.
inline std::string random_name() {
  std::random_device random;
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%08x%08x", static_cast<std::uint32_t>(random()),
                static_cast<std::uint32_t>(random()));
  return text.data();
}

}  // namespace piste::base
