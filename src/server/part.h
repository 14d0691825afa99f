// A bout's phrases have folders in the bout's, which hold what a phrase's holds.
#pragma once

#include <string_view>

namespace piste::server {

// Whether it is such a folder's name: "phrase-07".
inline bool is_part(std::string_view name) {
  constexpr std::string_view start = "phrase-";
  return name.starts_with(start) && name.size() > start.size() &&
         name.find_first_not_of("0123456789", start.size()) == std::string_view::npos;
}

}  // namespace piste::server
