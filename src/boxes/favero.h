// Favero Full-Arm-01 and -05, FA-07, FA-15: 2400 baud, ten bytes again and again, about 16 times a second.
#pragma once

#include <array>
#include <cstdint>

#include "boxes/decoder.h"
#include "boxes/line_time.h"
#include "boxes/noise.h"

namespace piste::boxes {

class Favero final : public Decoder {
 public:
  static constexpr double period = 0.0627;  // s, as measured; ten bytes alone are 41.7 ms
  using Frame = std::array<std::uint8_t, 10>;

  explicit Favero(const Settings& settings) : Decoder(settings) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;

 protected:
  std::optional<double> patience() const override { return 2; }

 private:
  void byte(std::uint8_t byte, Events& out);
  void frame(Events& out);
  Moment moment(double arrived);
  void count_red_cards(Reading& reading, bool doubtful);

  LineTime line_{2400};
  FramePace pace_{period, 10 * 10 / 2400.0, std::tuple_size_v<Frame>};
  Noise noise_;
  Frame window_{};
  std::size_t filled_ = 0;
  std::uint64_t stray_ = 0;        // bytes that left the window since the last frame
  std::optional<double> arrived_;  // the frame before
  PerSide<Known<bool>> red_shown_;
  PerSide<int> red_cards_;
};

}  // namespace piste::boxes
