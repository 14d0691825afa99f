// What a token is for. Sets of roles say who may ask for what (routes.cpp).
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace piste::server {

enum class Role { camera, viewer, referee, owner };

constexpr std::array<std::string_view, 4> role_names{"camera", "viewer", "referee", "owner"};

constexpr std::string_view to_string(Role role) {
  return role_names[static_cast<std::size_t>(role)];
}

constexpr std::optional<Role> role_in(std::string_view text) {
  for (std::size_t i = 0; i < role_names.size(); ++i)
    if (role_names[i] == text) return static_cast<Role>(i);
  return std::nullopt;
}

class Roles {
 public:
  template <class... Each>
  constexpr explicit Roles(Each... each) : bits_(((1u << static_cast<unsigned>(each)) | ...)) {}
  constexpr bool contain(Role role) const { return (bits_ >> static_cast<unsigned>(role) & 1u) != 0; }

 private:
  unsigned bits_;
};

}  // namespace piste::server
