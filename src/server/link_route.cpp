#include "server/link_route.h"

#include <boost/json.hpp>
#include <ctime>
#include <utility>

#include "base/json_text.h"
#include "server/utc_text.h"

namespace piste::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t usual_minutes = 60, most_minutes = 90 * 24 * 60;

// Nothing: it is no number of minutes that a link may last.
std::optional<std::int64_t> minutes_in(std::string_view body) {
  if (body.empty()) return usual_minutes;
  boost::system::error_code failure;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), failure);
  if (failure || !value.is_object()) return std::nullopt;
  const json::value* minutes = value.get_object().if_contains("minutes");
  if (!minutes) return usual_minutes;
  if (!minutes->is_int64() || minutes->get_int64() < 1 || minutes->get_int64() > most_minutes)
    return std::nullopt;
  return minutes->get_int64();
}

}  // namespace

Reply link_reply(const Question& asked) {
  const auto minutes = minutes_in(asked.body);
  if (!minutes) {
    return error_reply(http::status::unprocessable_entity,
                       "minutes must be a whole number of 1 to " + std::to_string(most_minutes));
  }
  const auto directory = asked.service.registry.directory(asked.key());
  if (!directory) return error_reply(http::status::not_found, "No session of this id is known here");
  const std::int64_t expires = std::time(nullptr) + *minutes * 60;
  const Links::Opened opened{asked.grant.caller.owner, directory->filename().string()};
  return {.body = base::json_text(json::object{{"sig", asked.service.links.sign(opened, expires)},
                                               {"expires", utc_text(expires)}})};
}

std::optional<Grant> linked_grant(const Found& found, const Target& target, const std::string& address,
                                  const Service& service) {
  const std::string signature = parameter_in(target.query, "sig");
  const bool reads = found.route && found.route->method == http::verb::get &&
                     found.route->path.starts_with("/sessions/{id}") &&
                     !found.route->path.ends_with("/live.jpg");  // the phrase is over: what runs is another
  if (signature.empty() || !reads) return std::nullopt;
  auto opened = service.links.opened(signature, std::time(nullptr));
  if (!opened || !service.access.knows(opened->owner)) return std::nullopt;
  Grant grant{{std::move(opened->owner), address, 0}, {}, Role::viewer};
  grant.folder = std::move(opened->folder);
  return grant;
}

}  // namespace piste::server
