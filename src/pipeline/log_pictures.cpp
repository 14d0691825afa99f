#include "pipeline/log_pictures.h"

#include <utility>

#include "pipeline/analyser.h"
#include "video/codec.h"

namespace piste::pipeline {

std::optional<types::Frame> LogPictures::at(std::size_t place) {
  if (place != next_ && !is_key(place)) decode_those_before(place);
  return decode(place);
}

void LogPictures::decode_those_before(std::size_t place) {
  std::size_t key = place;
  while (key > 0 && !is_key(key)) --key;
  for (; key < place; ++key) {
    const auto encoded = log_.read(places_[key].index);
    if (encoded) static_cast<void>(decoder_.skip(*encoded).ok());  // those that follow will say so
  }
}

std::optional<types::Frame> LogPictures::decode(std::size_t place) {
  next_ = place + 1;
  const auto encoded = log_.read(places_[place].index);
  if (!encoded) return std::nullopt;
  auto image = decoder_.decode(*encoded);
  if (!image) return std::nullopt;
  const double scale = video::scale_of(*image, *encoded);
  return types::Frame{encoded->number, places_[place].time, scale, std::move(*image)};
}

std::function<std::shared_ptr<const types::Frame>()> frames_of(const recording::FrameLog& log,
                                                               const Moments& moments, int width,
                                                               std::function<bool()> cancelled) {
  auto pictures = std::make_shared<LogPictures>(log, moments.places(), reduction_for(width));
  return [pictures, &moments, cancelled = std::move(cancelled),
          place = std::size_t{0}]() mutable -> std::shared_ptr<const types::Frame> {
    while (place < moments.places().size() && !cancelled()) {
      if (auto frame = pictures->at(place++)) return std::make_shared<const types::Frame>(std::move(*frame));
    }
    return nullptr;
  };
}

}  // namespace piste::pipeline
