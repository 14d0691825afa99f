#include "pipeline/live_view.h"

#include <utility>

#include "video/codec.h"

namespace piste::pipeline {

namespace {

constexpr std::chrono::milliseconds between_sights{200};
constexpr std::chrono::seconds between_pictures{1}, picture_wanted{5};
constexpr int picture_quality = 60;

}  // namespace

void LiveView::look(const types::Image& image, std::int64_t number, int width, int height,
                    const tracking::Poses& poses) {
  tell(number, width, height, poses);
  show(image);
}

void LiveView::tell(std::int64_t number, int width, int height, const tracking::Poses& poses) {
  const auto now = Clock::now();
  if (!told_ || now - last_told_ < between_sights) return;
  last_told_ = now;
  types::SeenFencers sight{number, width, height, {}};
  for (const types::Side side : types::both_sides) {
    if (const auto& pose = poses[side]) sight.fencers[side] = pose->keypoints;
  }
  told_(sight);
}

// JPEG is shown as it came (session). Nothing is made while nobody asks.
void LiveView::show(const types::Image& image) {
  const auto now = Clock::now();
  {
    const base::Lock lock(mutex_);
    if (now - asked_ > picture_wanted || now - made_ < between_pictures) return;
    made_ = now;
  }
  auto made = video::encode_jpeg(image, picture_quality);
  if (!made) return;
  const base::Lock lock(mutex_);
  picture_ = std::make_shared<const types::Bytes>(std::move(*made));
}

std::shared_ptr<const types::Bytes> LiveView::picture() {
  const base::Lock lock(mutex_);
  asked_ = Clock::now();
  return asked_ - made_ > picture_wanted ? nullptr : picture_;  // none of long ago
}

}  // namespace piste::pipeline
