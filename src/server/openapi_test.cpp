// docs/openapi.json against the table of routes: the same paths, methods and roles.
#include "server/openapi.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>
#include <string>

#include "server/routes.h"

namespace piste::server {
namespace {

namespace json = boost::json;

std::string roles_of(const Route& route) {
  std::string out;
  for (const std::string_view name : role_names)
    if (!route.open && route.roles.contain(*role_in(name))) out.append(" ").append(name);
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

TEST(OpenApi, NamesEveryRouteWithItsRolesAndNoOther) {
  std::set<std::string> served, described;
  for (const Route& route : routes())
    served.insert(lower(std::string(to_string(route.method))) + " " + std::string(route.path) +
                  roles_of(route));
  const json::value document = json::parse(json::string_view(openapi_text()));
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      std::string line = std::string(method) + " " + std::string(path);
      if (const json::value* roles = operation.as_object().if_contains("x-roles"))
        for (const json::value& role : roles->as_array()) line.append(" ").append(role.as_string());
      described.insert(line);
    }
  }
  EXPECT_THAT(described, testing::ContainerEq(served));
}

}  // namespace
}  // namespace piste::server
