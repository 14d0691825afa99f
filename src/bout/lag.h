// By how much the picture lags the scoring box: its lamps in the picture beside what the box says of the same
// hits. Pure.
#pragma once

#include <deque>
#include <optional>

#include "types/box_event.h"
#include "types/picture_lag.h"

namespace piste::bout {

class LagMeter {
 public:
  // A lamp that came on, on one clock: as the box says, and in the picture (between at - error and at). In
  // any order.
  void told(const types::box::Lamp& lamp, const types::box::Moment& moment);
  void seen(const types::box::Lamp& lamp, const types::box::Moment& moment);

  // By the last hits; nothing where they are too few, or do not say the same.
  std::optional<types::PictureLag> lag() const;
  // More hits would hardly tell it better.
  bool settled() const { return pairs_.size() == most_pairs && lag(); }

 private:
  static constexpr std::size_t most_pairs = 9;
  struct Light {
    types::Side side = types::Side::left;
    double at = 0;
    double error = 0;  // either way
  };
  using Lights = std::deque<Light>;

  static void keep(Lights& lights, const Light& light);
  void pair_up();

  Lights told_, seen_;  // without a partner so far
  std::deque<types::PictureLag> pairs_;
};

}  // namespace piste::bout
