#include "server/language.h"

#include <algorithm>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>

namespace piste::server {
namespace {

// How dear a language is, 0 to 1; 0: not wanted, or said in a way that cannot be read.
double quality(const boost::beast::http::param_list& parameters) {
  for (const auto& [name, value] : parameters) {
    if (name != "q" && name != "Q") continue;
    double number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, failed] = std::from_chars(value.data(), end, number);
    return failed == std::errc() && stop == end && number <= 1 ? number : 0;
  }
  return 1;
}

bool is_same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::string_view language_for(std::string_view accept_language,
                              const std::vector<std::string_view>& offered) {
  std::string_view dearest = offered.front();
  double most = 0;
  for (const auto& [tag, parameters] : boost::beast::http::ext_list(accept_language)) {
    const std::string_view primary = std::string_view(tag).substr(0, tag.find('-'));
    const auto found = std::ranges::find_if(offered, [&](auto one) { return is_same(one, primary); });
    if (found == offered.end() || quality(parameters) <= most) continue;
    most = quality(parameters);
    dearest = *found;
  }
  return dearest;
}

}  // namespace piste::server
