// A broker's messages of some topics: subscribed to, never published.
#include "inlets/descriptor.h"

#ifdef PISTE_MQTT

#include <boost/json.hpp>
#include <deque>

#include "base/json_text.h"
#include "base/steady.h"
#include "base/text.h"
#include "inlets/mqtt_client.h"

namespace piste::inlets {
namespace {

namespace json = boost::json;
constexpr int keep_alive_s = 10;  // a broker that is gone is noticed within one and a half of it
constexpr int at_least_once = 1;

Error lost(const Mqtt& broker, int code) {
  return {ErrorCode::lost, to_string(broker) + " cannot be reached: " + MqttClient::text(code)};
}

class MqttInlet final : public Inlet {
 public:
  MqttInlet(Mqtt broker, boxes::Protocol protocol)
      : broker_(std::move(broker)), wrapped_(protocol == boxes::Protocol::opp2) {}

  Result<base::Done> open() {
    if (!client_) return Error{ErrorCode::usage, "no MQTT client can be made"};
    mosquitto_connect_callback_set(client_.get(), [](mosquitto*, void* self, int refused) {
      static_cast<MqttInlet*>(self)->on_connect(refused);
    });
    mosquitto_message_callback_set(client_.get(),
                                   [](mosquitto*, void* self, const mosquitto_message* message) {
                                     static_cast<MqttInlet*>(self)->on_message(*message);
                                   });
    if (!broker_.user.empty())
      mosquitto_username_pw_set(client_.get(), broker_.user.c_str(), broker_.password.c_str());
    if (const int code = mosquitto_sub_topic_check(broker_.topics.c_str()); code != MOSQ_ERR_SUCCESS)
      return Error{ErrorCode::usage, "\"" + base::escaped(broker_.topics) + "\" is no filter of topics"};
    const int code = mosquitto_connect_async(client_.get(), broker_.host.c_str(), broker_.port, keep_alive_s);
    if (code != MOSQ_ERR_SUCCESS) return lost(broker_, code);
    return base::Done{};
  }

  Result<std::optional<Chunk>> next(std::chrono::milliseconds limit) override {
    if (chunks_.empty()) {
      const int code = mosquitto_loop(client_.get(), static_cast<int>(limit.count()), 1);
      if (!refused_.empty()) return Error{ErrorCode::lost, to_string(broker_) + ": " + refused_};
      if (code != MOSQ_ERR_SUCCESS) return lost(broker_, code);
    }
    if (chunks_.empty()) return std::optional<Chunk>();
    std::optional<Chunk> chunk(std::move(chunks_.front()));
    chunks_.pop_front();
    return chunk;
  }

 private:
  void on_connect(int refused) {
    if (refused != 0)
      refused_ = mosquitto_connack_string(refused);
    else
      mosquitto_subscribe(client_.get(), nullptr, broker_.topics.c_str(), at_least_once);
  }

  void on_message(const mosquitto_message& message) {
    const std::string_view payload(static_cast<const char*>(message.payload),
                                   static_cast<std::size_t>(message.payloadlen));
    const std::string line = wrapped_ ? wrap(message, payload) : std::string(payload);
    Chunk chunk{{line.begin(), line.end()}, base::steady_seconds()};
    chunk.bytes.push_back('\n');
    chunks_.push_back(std::move(chunk));
  }

  // As boxes/opp2.h reads it; what is no JSON is no message of such a box.
  static std::string wrap(const mosquitto_message& message, std::string_view payload) {
    json::error_code failed;
    json::value value = json::parse(json::string_view(payload), failed);
    if (failed) return {};
    return base::json_text(
        json::object{{"topic", message.topic}, {"retain", message.retain}, {"payload", value}});
  }

  const Mqtt broker_;
  const bool wrapped_;
  const MqttClient client_{this};
  std::string refused_;
  std::deque<Chunk> chunks_;
};

}  // namespace

Opened open_mqtt(const Mqtt& broker, boxes::Protocol protocol) {
  auto inlet = std::make_unique<MqttInlet>(broker, protocol);
  if (const auto opened = inlet->open(); !opened) return opened.error();
  return std::unique_ptr<Inlet>(std::move(inlet));
}

}  // namespace piste::inlets

#else

namespace piste::inlets {

Opened open_mqtt(const Mqtt&, boxes::Protocol) {
  return Error{ErrorCode::usage, "this build speaks no MQTT: it was made without libmosquitto-dev"};
}

}  // namespace piste::inlets

#endif
