#include "client/box_messages.h"

#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "base/json_text.h"
#include "base/text.h"
#include "boxes/event_json.h"

namespace piste::client {
namespace {

namespace json = boost::json;

constexpr std::size_t enough_bytes = 32 << 10;  // the server takes 64 KB
constexpr std::int64_t most_events = 200;
constexpr double rounding = 1e-4;  // s: of the times in a line

std::optional<double> number_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  const auto number = value->to_number<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t next_at(const json::object& object) {
  const double number = number_at(object, "next").value_or(0);
  return number >= 0 && number < 1e15 ? static_cast<std::int64_t>(number) : 0;
}

BoxReply read_pong(const json::object& object) {
  const auto asked = number_at(object, "client_time");
  const auto received = number_at(object, "server_received");
  const auto answered = number_at(object, "server_time");
  if (!asked || !received || !answered) return Unknown{};
  return ClockAnswer{*asked, *received, *answered};
}

BoxRefused read_error(const json::object& object) {
  const std::string code = text_at(object, "error_code");
  const bool final = code == "BOX_REFUSED" || code == "PROTOCOL_ERROR" || code == "INVALID_MESSAGE";
  return {base::escaped(text_at(object, "error_message")), !final};
}

}  // namespace

std::string box_open(std::string_view piste, std::string_view source, std::string_view protocol) {
  return base::json_text(
      json::object{{"type", "box_open"}, {"piste", piste}, {"source", source}, {"protocol", protocol}});
}

std::string clock_question(double client_time) {
  return base::json_text(json::object{{"type", "ping"}, {"client_time", client_time}});
}

BoxMessage box_events(std::string_view piste, const NumberedEvents& events, std::int64_t first,
                      const ClockOffset& clock, double now) {
  BoxMessage message;
  message.text = R"({"type":"box_events","piste":)" + base::json_text(json::value(piste)) + R"(,"first":)" +
                 std::to_string(first) + R"(,"events":[)";
  const std::int64_t last = std::min(events.end(), first + most_events);
  for (message.next = first; message.next < last && message.text.size() < enough_bytes; ++message.next) {
    boxes::Event event = events[message.next];
    const auto estimate = clock.of(event.moment.at, now).value_or(ClockOffset::Estimate{});
    event.moment.at += estimate.offset;
    event.moment.error += estimate.error + rounding;
    message.text += (message.next > first ? "," : "") + boxes::json_line(event);
  }
  message.text += "]}";
  return message;
}

BoxReply parse_box_reply(std::string_view text) {
  json::error_code failed;
  const json::value value = json::parse(json::string_view(text), failed);
  if (failed || !value.is_object()) return Unknown{};
  const json::object& object = value.get_object();
  const std::string type = text_at(object, "type");
  if (type == "pong") return read_pong(object);
  if (type == "box_opened") return BoxOpened{next_at(object)};
  if (type == "box_ack") return BoxAck{next_at(object)};
  if (type == "error") return read_error(object);
  return Unknown{};
}

}  // namespace piste::client
