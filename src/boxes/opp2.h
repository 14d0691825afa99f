// OpenPiste OPP2: JSON over MQTT, with the box's own times. One message a line: {"topic", "retain",
// "payload"}, or topic and payload as mosquitto_sub -v prints them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "boxes/decoder.h"
#include "boxes/text_lines.h"

namespace piste::boxes {

// The box's clock: since 1970, or since its start. Kept as the time of the reader, or of the recording.
class BoxClock {
 public:
  // ts: as the message has it; told: when it came, where that is known. counts_anew: the box has begun again
  // to number its messages.
  Moment at(std::uint64_t ts, std::optional<double> told, bool counts_anew);
  // Of a message without ts.
  Moment now(std::optional<double> told) const;

 private:
  bool since_start_ = false;       // the box did not know the time of day
  std::optional<double> base_;     // of the recording: what on the box's clock is now_
  std::optional<double> to_ours_;  // live: the least delayed message tells
  double last_ = 0;                // on the box's clock
  double now_ = 0;
};

class Opp2 final : public Decoder {
 public:
  explicit Opp2(const Settings& settings) : Decoder(settings), piste_(settings.piste) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;
  void finish(Events& out) override;

 protected:
  std::optional<double> patience() const override { return std::nullopt; }  // the broker says when it is gone

 private:
  struct Message {
    std::string topic;
    std::string type;  // the topic's last part
    bool of_apparatus = false;
    std::optional<bool> retain;  // nullopt: whoever wrote it down left that out
    std::optional<double> told;
    std::optional<std::uint64_t> ts;
    const boost::json::object* payload = nullptr;
  };
  // Lamps that were lit in the first message: perhaps the broker's memory of a touch of long ago.
  struct Held {
    Reading reading;
    Moment moment;
    std::uint64_t ts = 0;
    bool flagged = false;  // that it came from the memory, or that it was to go there
  };

  void line(std::string_view line, Events& out);
  bool message(std::string_view topic, const boost::json::object& payload, std::optional<bool> retain,
               std::optional<double> told, Events& out);
  void settle(const Message& message, Events& out);
  void release(Events& out);
  void lights(const Message& message, const Reading& reading, Moment moment, Events& out);

  std::string piste_;
  TextLines lines_{std::size_t{64} << 10};
  std::optional<double> received_;
  BoxClock clock_;
  int seq_ = 0;                   // of the last message that has one
  std::set<std::string> topics_;  // that were heard; a broker's memory has each once
  bool lights_heard_ = false;
  std::optional<Held> held_;
  std::optional<std::uint64_t> ignored_;  // lamps as old as this are the broker's memory
};

}  // namespace piste::boxes
