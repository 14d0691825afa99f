#include "server/pair_route.h"

#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "server/request_error.h"
#include "server/utc_text.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

constexpr std::int64_t usual_minutes = 5, most_minutes = 60;
constexpr std::size_t longest_description = 100;  // bytes

struct Wish {
  Role role = Role::viewer;
  std::string description;
  std::int64_t minutes = usual_minutes;
};

std::optional<json::object> object_of(std::string_view body) {
  boost::system::error_code failure;
  json::value value = json::parse(json::string_view(body.data(), body.size()), failure);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

// Empty where it is missing or no text.
std::string text_in(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(field);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Asked<Wish> wish_in(std::string_view body) {
  const auto wrong = [](std::string message) {
    return AskedWrongly{RequestFault::value, std::move(message)};
  };
  const auto object = object_of(body);
  if (!object) return wrong("The body must be a JSON object");
  Wish wish;
  const auto role = role_in(text_in(*object, "role"));
  if (!role) return wrong("role must be camera, viewer, referee or owner");
  wish.role = *role;
  wish.description = text_in(*object, "device");
  if (wish.description.size() > longest_description || base::escaped(wish.description) != wish.description)
    return wrong("device must be a text of at most " + std::to_string(longest_description) + " bytes");
  if (const json::value* minutes = object->if_contains("minutes")) {
    if (!minutes->is_int64() || minutes->get_int64() < 1 || minutes->get_int64() > most_minutes)
      return wrong("minutes must be a whole number of 1 to " + std::to_string(most_minutes));
    wish.minutes = minutes->get_int64();
  }
  return wish;
}

Reply no_tokens() {
  return error_reply(http::status::conflict,
                     "This service asks for no tokens (REFEREE_AUTH_TOKENS_FILE): there is nothing to pair");
}

Reply full() {
  return error_reply(http::status::conflict, "Too many devices are paired: remove one first");
}

Reply not_stored() {
  return error_reply(http::status::internal_server_error, "The server's disk does not take it");
}

}  // namespace

Reply me_reply(const Question& asked) {
  return json_reply({{"name", asked.grant.caller.owner},
                     {"role", to_string(asked.grant.role)},
                     {"tokens", asked.service.access.asks_for_tokens()}});
}

Reply offer_reply(const Question& asked) {
  Service& service = asked.service;
  const std::string& name = asked.grant.caller.owner;
  if (!service.access.asks_for_tokens()) return no_tokens();
  const auto wish = wish_in(asked.body);
  if (!wish) return error_reply(http::status::unprocessable_entity, wish.error().message);
  if (service.devices.full(name)) return full();
  const std::chrono::minutes length(wish->minutes);
  const std::string code = service.codes.offer({name, wish->role, wish->description, asked.grant.hash},
                                               steady_clock::now() + length);
  return json_reply({{"code", code},
                     {"role", to_string(wish->role)},
                     {"expires", utc_text(std::time(nullptr) + 60 * wish->minutes)}});
}

// Each try counts, or the right one among many wrong ones would cost nothing.
Reply claim_reply(const Question& asked) {
  Service& service = asked.service;
  if (!service.access.asks_for_tokens()) return no_tokens();
  const auto now = steady_clock::now();
  if (const auto wait = service.claims.take(asked.grant.caller.address, now))
    return too_many_reply("Too many codes were tried from your address", *wait);
  const auto object = object_of(asked.body);
  auto offer = service.codes.claim(object ? text_in(*object, "code") : std::string(), now);
  // A code is worth no more than the token that it was made with is by now.
  if (!offer || !service.access.holds({{offer->name, {}, 0}, offer->maker, Role::owner}))
    return error_reply(http::status::not_found, "There is no such code: it is wrong, used, or too old");
  if (service.devices.full(offer->name)) return full();
  const std::string token = make_token();
  const json::object answer{{"token", token}, {"name", offer->name}, {"role", to_string(offer->role)}};
  base::log::info("", "A device is paired for " + offer->name + " as " + std::string(to_string(offer->role)));
  Device device{{std::move(offer->name), hash_of(token), 0, offer->role},
                std::move(offer->description),
                utc_text(std::time(nullptr))};
  if (service.devices.add(std::move(device)) == Devices::Change::stored) return json_reply(answer);
  return not_stored();
}

Reply devices_reply(const Question& asked) {
  json::array devices;
  for (const Device& device : asked.service.devices.of(asked.grant.caller.owner))
    devices.push_back(json::object{{"id", device.id()},
                                   {"device", device.description},
                                   {"role", to_string(device.token.role)},
                                   {"paired", device.paired},
                                   {"seen", device.seen ? json::value(utc_text(*device.seen)) : nullptr}});
  return json_reply({{"devices", std::move(devices)}});
}

Reply unpair_reply(const Question& asked) {
  switch (asked.service.devices.remove(asked.grant.caller.owner, asked.first)) {
    case Devices::Change::unknown:
      return error_reply(http::status::not_found, "No device of this id is paired");
    case Devices::Change::not_stored:
      return not_stored();
    case Devices::Change::stored:
      break;
  }
  asked.service.connections.recheck();
  return {.status = http::status::no_content, .body = {}};
}

}  // namespace piste::server
