// Pictures -> H.264 access units for a link, one unit a picture and at once (libx264 without look-ahead and B
// frames).
#pragma once

#include <cstdint>
#include <memory>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct UnitOptions {
  double fps = 30;
  std::int64_t bit_rate = 2'000'000;  // bits a second, on average and of any second at most
};

class UnitEncoder {
 public:
  struct Unit {
    types::Bytes bytes;  // Annex B; a key unit brings its SPS and PPS
    bool key = false;
  };

  // A picture with an odd size loses its last column or row: the units are of width & ~1, height & ~1.
  static Result<std::unique_ptr<UnitEncoder>> create(int width, int height, const UnitOptions& options);
  ~UnitEncoder();
  UnitEncoder(const UnitEncoder&) = delete;
  UnitEncoder& operator=(const UnitEncoder&) = delete;

  // time: s, growing. key: begin anew here; without, a key unit comes each second all the same.
  Result<Unit> encode(const types::Image& image, double time, bool key);

 private:
  struct State;
  explicit UnitEncoder(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

}  // namespace piste::video
