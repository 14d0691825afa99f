// Skewered Fencing: RS-485 at 115200 baud, or the same 13 bytes of its Bluetooth advertisements as lines of
// hex. The one box that tells how long ago a hit was.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "boxes/decoder.h"
#include "boxes/line_time.h"
#include "boxes/noise.h"
#include "boxes/text_lines.h"

namespace piste::boxes {

class Skewered final : public Decoder {
 public:
  static constexpr double period = 0.005;      // s, of state packets on the serial line
  static constexpr double radio_period = 0.1;  // s, of advertisements, about
  static constexpr std::size_t state_bytes = 13;
  static constexpr std::size_t packet_bytes = 16;  // type, state, sum, FF
  using State = std::array<std::uint8_t, state_bytes>;

  explicit Skewered(const Settings& settings) : Decoder(settings) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;
  void finish(Events& out) override;

 protected:
  std::optional<double> patience() const override { return radio_ ? 5 : 1; }

 private:
  // A lamp that is lit. Each packet dates the hit anew; the one that came with the least delay is right.
  struct Hit {
    LampState state = LampState::off;
    Moment moment;     // the earliest so far
    double since = 0;  // of the first packet
    bool told = false;
    bool another = false;
    bool older = false;           // its age had reached the limit already
    std::optional<double> asked;  // when another hit was, by a packet that may be damaged
  };

  void serial_byte(std::uint8_t byte, Events& out);
  void text_line(std::string_view line, Events& out);
  double text_time(std::optional<double> noted);
  void packet(std::size_t bytes);
  void state(const State& state, Moment arrived, Events& out);
  std::optional<LampReading> lamp(Side side, const State& state, Moment arrived);
  bool doubtful() const { return noise_.noisy(line_.position()); }

  LineTime line_{115200};
  FramePace pace_{period, packet_bytes * 10 / 115200.0, packet_bytes};
  Noise noise_;
  std::array<std::uint8_t, packet_bytes> window_{};
  std::size_t filled_ = 0;
  std::uint64_t stray_ = 0;
  bool radio_ = false;
  TextLines text_{200};
  std::uint64_t text_lines_ = 0;
  PerSide<Hit> hits_;
};

}  // namespace piste::boxes
