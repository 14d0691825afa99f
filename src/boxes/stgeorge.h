// St George, the older text protocol: 9600 baud. Lamps are told when they change, and never again.
#pragma once

#include <string_view>

#include "boxes/decoder.h"
#include "boxes/line_time.h"
#include "boxes/noise.h"
#include "boxes/soh_frames.h"

namespace piste::boxes {

class StGeorge final : public Decoder {
 public:
  explicit StGeorge(const Settings& settings) : Decoder(settings) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;

 protected:
  std::optional<double> patience() const override { return 2; }

 private:
  void frame(std::string_view frame, Events& out);
  void note_stray(std::size_t bytes);
  std::optional<bool> running(double seconds);
  void check_lamps(Reading& reading);

  LineTime line_{9600};
  SohFrames frames_{100, {}, 0};
  Noise noise_;
  PerSide<LampState> lamps_;       // as last told
  std::optional<double> seconds_;  // as last told
  int same_seconds_ = 0;           // how often it was told
};

}  // namespace piste::boxes
