#include "server/link_route.h"

#include <boost/json.hpp>
#include <ctime>

#include "base/json_text.h"
#include "server/session_route.h"
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

Reply link_reply(std::string_view body, const session::SessionKey& key, const Service& service) {
  const auto minutes = minutes_in(body);
  if (!minutes) {
    return error_reply(http::status::unprocessable_entity,
                       "minutes must be a whole number of 1 to " + std::to_string(most_minutes));
  }
  if (!service.registry.directory(key))
    return error_reply(http::status::not_found, "No session of this id is known here");
  const std::int64_t expires = std::time(nullptr) + *minutes * 60;
  return {.body = base::json_text(
              json::object{{"sig", service.links.sign(key, expires)}, {"expires", utc_text(expires)}})};
}

std::optional<std::string> linked_owner(const Request& request, const Target& target,
                                        const Service& service) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) return std::nullopt;
  const std::string signature = parameter_in(target.query, "sig");
  const auto id = session_of(target.path);
  if (signature.empty() || !id) return std::nullopt;
  auto owner = service.links.owner(signature, *id, std::time(nullptr));
  return owner && service.access.knows(*owner) ? std::move(owner) : std::nullopt;
}

}  // namespace piste::server
