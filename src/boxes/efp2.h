// EFP2 (Cyrano 2.0): the same facts as Cyrano in one row of 42 fields.
#pragma once

#include "boxes/efp_text.h"

namespace piste::boxes {

class Efp2 final : public EfpDecoder {
 public:
  using EfpDecoder::EfpDecoder;

 protected:
  bool message(std::string_view message, std::optional<double> told, Events& out) override;
  bool is_own(std::string_view message) const override { return message.starts_with("|EFP2|"); }

 private:
  bool fencer(std::span<const std::string_view> field, Side side, Reading& reading);
};

}  // namespace piste::boxes
