#include "ingest_pictures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <stdexcept>

#include "video/codec.h"

namespace piste::bench {
namespace {

types::Image draw(int width, int height, unsigned seed) {
  types::Image image{width, height, types::Bytes(static_cast<std::size_t>(3 * width * height))};
  std::minstd_rand random(seed);
  auto* pixel = image.bgr.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double floor = 110 + 50 * std::sin(x * 0.011 + seed) * std::cos(y * 0.017);
      const int noise = static_cast<int>(random() % 17) + static_cast<int>(random() % 17) - 16;
      for (int channel = 0; channel < 3; ++channel) {
        *pixel++ = static_cast<std::uint8_t>(std::clamp(floor + 20 * channel + noise, 0.0, 255.0));
      }
    }
  }
  return image;
}

types::Bytes encode(const types::Image& image, int quality) {
  auto bytes = video::encode_jpeg(image, quality);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return std::move(*bytes);
}

// The quality whose size is nearest to the wanted one; size grows with quality.
int quality_for(const types::Image& image, std::size_t wanted) {
  int low = 1;
  int high = 100;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (encode(image, middle).size() < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const auto distance = [&](int quality) {
    return std::llabs(static_cast<long long>(encode(image, quality).size()) - static_cast<long long>(wanted));
  };
  return low > 1 && distance(low - 1) < distance(low) ? low - 1 : low;
}

}  // namespace

const std::vector<Picture>& all_pictures() {
  static const std::vector<Picture> pictures{
      {"jpeg1080", types::Encoding::jpeg, 1920, 1080, 200'000},
      {"jpeg720", types::Encoding::jpeg, 1280, 720, 100'000},
      {"raw720", types::Encoding::raw, 1280, 720, 3u * 1280 * 720},
  };
  return pictures;
}

const Picture& picture_named(const std::string& name) {
  for (const Picture& picture : all_pictures()) {
    if (picture.name == name) return picture;
  }
  throw std::runtime_error("there is no picture " + name);
}

Frames make_frames(const Picture& picture, int count) {
  Frames frames;
  int quality = 0;
  for (int i = 0; i < count; ++i) {
    types::Image image = draw(picture.width, picture.height, static_cast<unsigned>(i + 1));
    if (picture.encoding == types::Encoding::raw) {
      frames.push_back(std::move(image.bgr));
      continue;
    }
    if (quality == 0) quality = quality_for(image, picture.bytes);
    frames.push_back(encode(image, quality));
  }
  return frames;
}

}  // namespace piste::bench
