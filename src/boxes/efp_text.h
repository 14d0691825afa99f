// What the Cyrano protocols share: text datagrams of fields between bars, one message a line in a recording.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boxes/decoder.h"
#include "boxes/noise.h"
#include "boxes/text_lines.h"

namespace piste::boxes {

// When the messages came. In a recording without times, the clock of the bout is all there is.
class MessageTime {
 public:
  // told: by who received or recorded the message; seconds, running: the bout's clock in it.
  Moment next(std::optional<double> told, std::optional<double> seconds, bool running);

 private:
  double now_ = 0;
  std::optional<double> ran_;  // the clock of the last message, if it ran
};

// One fencer's lamps: a message may tell one of the two alone.
struct LampBits {
  std::optional<bool> valid;
  std::optional<bool> white;
};

class EfpDecoder : public Decoder {
 public:
  explicit EfpDecoder(const Settings& settings) : Decoder(settings), piste_(settings.piste) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;
  void finish(Events& out) override;

 protected:
  std::optional<double> patience() const override { return 40; }  // as the protocol has it

  // The fields of one message, without the bar in front of them; false: it is damaged.
  virtual bool message(std::string_view message, std::optional<double> told, Events& out) = 0;
  virtual bool is_own(std::string_view message) const = 0;

  // Whether a message of this piste counts. The first that is heard is ours where none was chosen.
  bool is_ours(std::string_view piste);
  // Fencers' lamps from their two fields, merged with what is known.
  std::optional<LampReading> lamp(LampBits& known, std::string_view valid, std::string_view white);
  void tell_info(Reading reading, std::optional<double> told, Events& out);

  PerSide<LampBits> lamps_;

 private:
  void line(std::string_view line, Events& out);
  void one(std::string_view message, std::optional<double> told, Events& out);

  std::string piste_;
  TextLines lines_{std::size_t{16} << 10};
  std::optional<double> received_;
  std::uint64_t position_ = 0;
  Noise noise_;
  MessageTime time_;
  bool running_ = false;
};

std::vector<std::string_view> split(std::string_view text, char separator);

// "3:00", "2:41.35", "9.35": seconds; nullopt for anything else.
std::optional<double> stopwatch(std::string_view text);

// The letters that both protocols use; nullopt for others.
std::optional<std::string> state_name(std::string_view letter);
std::optional<std::string> weapon_name(std::string_view letter);
std::optional<Priority> priority_of(std::string_view letter);

// A field that is empty or a whole number up to `most`; false: it is neither.
bool read_number(std::string_view field, int most, std::optional<int>& number);

}  // namespace piste::boxes
