#include "pipeline/look.h"

#include <memory>
#include <utility>

#include "pipeline/analyser.h"
#include "video/codec.h"

namespace piste::pipeline {
namespace {

constexpr int any_width = 1280, any_height = 720;  // a picture may have another size than is announced

Result<types::EncodedFrame> framed(types::Bytes picture) {
  types::EncodedFrame frame;
  frame.encoding = video::encoding_of(types::Encoding::jpeg, picture);
  const auto own = video::inspect(frame.encoding, picture, any_width, any_height);
  if (!own) return Error{ErrorCode::frame, own.error().message};
  frame.width = own->width;
  frame.height = own->height;
  frame.bytes = std::make_shared<const types::Bytes>(std::move(picture));
  return frame;
}

}  // namespace

Result<types::SeenFencers> look_at_picture(Shared& shared, types::Bytes picture) {
  const auto encoded = framed(std::move(picture));
  if (!encoded) return encoded.error();
  auto room = shared.pictures.try_acquire(picture_bytes(encoded->width, encoded->height, encoded->encoding),
                                          PictureBudget::For::left);
  if (!room) return Error{ErrorCode::no_room, "there is no room for another picture now"};
  auto image = video::decode(*encoded, reduction_for(encoded->width));
  if (!image) return Error{ErrorCode::frame, image.error().message};
  types::Frame frame;
  frame.scale = video::scale_of(*image, *encoded);
  frame.image = std::move(*image);
  PhraseSettings settings;
  settings.width = encoded->width;
  settings.height = encoded->height;
  settings.fps = 30;
  Analyser analyser(shared.models, shared.workers, tracker_options(shared, settings), types::nowhere);
  shared.workers.stand_back(analyser.lane(), true);  // phrases that are fenced go first
  analyser.add(counted(std::move(frame), std::move(*room)));
  types::SeenFencers sight{0, encoded->width, encoded->height, {}};
  const types::Tracks tracks = analyser.finish({});
  for (const types::Side side : types::both_sides) {
    const auto& points = tracks[side].points;
    if (!points.empty() && points.front().seen) sight.fencers[side] = points.front().keypoints;
  }
  return sight;
}

}  // namespace piste::pipeline
