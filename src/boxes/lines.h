// Events as lines of JSON, the form in which all boxes' events are printed: for home-made boxes, and for
// whoever taps a screen.
#pragma once

#include <optional>
#include <string_view>

#include "boxes/decoder.h"
#include "boxes/text_lines.h"

namespace piste::boxes {

class Lines final : public Decoder {
 public:
  explicit Lines(const Settings& settings) : Decoder(settings), swap_sides_(settings.swap_sides) {}
  void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) override;
  void finish(Events& out) override;

 protected:
  std::optional<double> patience() const override { return std::nullopt; }  // a person may tap when they like

 private:
  void line(std::string_view line, Events& out);
  Moment moment(std::optional<double> at, std::optional<double> error);

  const bool swap_sides_;
  TextLines lines_{4096};
  std::optional<double> received_;
  std::uint64_t number_ = 0;       // of the line
  double last_ = 0;                // when the last event was
  std::optional<double> to_ours_;  // from the sender's clock: the least delayed line tells
};

}  // namespace piste::boxes
