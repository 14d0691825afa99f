#include "server/look_route.h"

#include "protocol/sight_json.h"
#include "server/turn.h"

namespace piste::server {
namespace {

// At a time: phrases that are fenced go first.
constexpr int most_looks = 2;

}  // namespace

Reply look_reply(const Question& asked) {
  const Turn turn(asked.service.looking, most_looks);
  if (!turn.free()) return busy_reply("Others are being looked at: try again in a moment");
  const auto sight = asked.service.registry.look({asked.body.begin(), asked.body.end()});
  if (!sight) {
    const std::string& why = sight.error().message;
    if (sight.error().code == pipeline::ErrorCode::no_room) return busy_reply(why);
    return error_reply(http::status::unprocessable_entity, "The body must be a JPEG or PNG: " + why);
  }
  protocol::JsonObject object;
  protocol::add(object, *sight);
  return {.body = object.text()};
}

}  // namespace piste::server
