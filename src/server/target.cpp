#include "server/target.h"

#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>

namespace piste::server {
namespace {

Target without_piste(std::string path, std::string query) {
  constexpr std::string_view piste = "/piste-";
  if (!path.starts_with(piste)) return {std::move(path), std::move(query)};
  const auto rest = path.find('/', piste.size());
  if (rest == piste.size() || rest == std::string::npos) return {std::move(path), std::move(query)};
  return {path.substr(rest), std::move(query), path.substr(0, rest)};
}

}  // namespace

Target split_target(std::string_view target) {
  if (const auto url = boost::urls::parse_origin_form(target)) {
    return without_piste(std::string(url->encoded_path()), std::string(url->encoded_query()));
  }
  if (const auto url = boost::urls::parse_uri(target)) {
    return without_piste(std::string(url->encoded_path()), std::string(url->encoded_query()));
  }
  return {};
}

std::string parameter_in(std::string_view query, std::string_view name) {
  if (query.empty()) return {};  // Boost would read one of no address
  const auto parameters = boost::urls::parse_query(query);
  if (!parameters) return {};
  const boost::urls::params_view decoded = *parameters;
  const auto found = decoded.find(name);
  return found == decoded.end() ? std::string() : std::string((*found).value);
}

std::string token_in(std::string_view query) {
  return parameter_in(query, "token");
}

}  // namespace piste::server
