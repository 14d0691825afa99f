#include "video/unit_encoder.h"

#include <optional>
#include <utility>

#include "video/picture_encoder.h"

namespace piste::video {

struct UnitEncoder::State {
  std::unique_ptr<PictureEncoder> encoder;
  std::optional<Unit> made;

  PictureEncoder::Sink keep = [this](AVPacket& packet) -> Result<base::Done> {
    made = Unit{types::Bytes(packet.data, packet.data + packet.size), (packet.flags & AV_PKT_FLAG_KEY) != 0};
    return base::Done{};
  };
};

UnitEncoder::UnitEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnitEncoder::~UnitEncoder() = default;

Result<std::unique_ptr<UnitEncoder>> UnitEncoder::create(int width, int height, const UnitOptions& options) {
  EncoderOptions live;
  live.bit_rate = options.bit_rate;
  live.live = true;
  auto encoder = PictureEncoder::create(width, height, options.fps, live);
  if (!encoder) return encoder.error();
  auto state = std::make_unique<State>();
  state->encoder = std::move(*encoder);
  return std::unique_ptr<UnitEncoder>(new UnitEncoder(std::move(state)));
}

Result<UnitEncoder::Unit> UnitEncoder::encode(const types::Image& image, double time, bool key) {
  state_->made.reset();
  if (auto written = state_->encoder->write(image, time, state_->keep, key); !written) return written.error();
  if (!state_->made) return Error{ErrorCode::io, "the H.264 encoder held a picture back"};
  return *std::exchange(state_->made, std::nullopt);
}

}  // namespace piste::video
