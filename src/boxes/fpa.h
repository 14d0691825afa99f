// RS422-FPA 3.04a: Favero FA-07, St George SG12, Virtual Scoring Machine, Atlas. 38400 baud, or one frame a
// datagram.
#pragma once

#include <string_view>

#include "boxes/decoder.h"
#include "boxes/line_time.h"
#include "boxes/noise.h"
#include "boxes/soh_frames.h"

namespace piste::boxes {

class Fpa final : public Decoder {
 public:
  explicit Fpa(const Settings& settings) : Decoder(settings), whites_swapped_(settings.whites_swapped) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;

 protected:
  std::optional<double> patience() const override { return 4; }  // three of its refreshes

 private:
  void frame(std::string_view frame, Events& out);
  void note_stray(std::size_t bytes);

  const bool whites_swapped_;
  LineTime line_{38400};
  SohFrames frames_{64,
                    "\x01\x13"
                    "CS",
                    21};
  Noise noise_;
};

}  // namespace piste::boxes
