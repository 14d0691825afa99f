// Conditional requests of RFC 9110: whether the client has this version already.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace piste::server {

// Calls use with each part of text between the separators, without spaces around it.
template <class Use>
void for_each_part(std::string_view text, char separator, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    use(base::trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// If-None-Match: weakly compared.
inline bool same_version(std::string_view if_none_match, std::string_view etag) {
  bool same = if_none_match == "*";
  for_each_part(if_none_match, ',', [&](std::string_view one) {
    same = same || one == etag || (one.starts_with("W/") && one.substr(2) == etag);
  });
  return same;
}

}  // namespace piste::server
