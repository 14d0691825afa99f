// Cyrano, EFP1 and EFP1.1: FMA21, FA-07 and most boxes at competitions, over UDP.
#pragma once

#include "boxes/efp_text.h"

namespace piste::boxes {

class Cyrano final : public EfpDecoder {
 public:
  using EfpDecoder::EfpDecoder;

 protected:
  bool message(std::string_view message, std::optional<double> told, Events& out) override;
  bool is_own(std::string_view message) const override;

 private:
  bool fencer(std::string_view area, Side side, Reading& reading);
};

}  // namespace piste::boxes
