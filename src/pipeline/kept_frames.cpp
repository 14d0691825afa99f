#include "pipeline/kept_frames.h"

#include <algorithm>
#include <utility>

namespace piste::pipeline {
namespace {

constexpr std::size_t most = 100'000;

}  // namespace

// What goes has gone from the log, too, or will soon.
void KeptFrames::push(Item item, double kept) {
  const double oldest = item.time - kept;
  items_.push_back(std::move(item));
  while (items_.size() > most || items_.front().time < oldest) items_.pop_front();
  cursor_ = std::max(cursor_, items_.front().index);
}

const KeptFrames::Item* KeptFrames::next(double after, double from) {
  for (; waiting() > 0; ++cursor_) {
    const Item& item = items_[cursor_ - items_.front().index];
    const bool needed = item.time >= from || item.encoding == types::Encoding::h264;
    if (item.time > after && needed) return &item;
  }
  return nullptr;
}

std::optional<KeptFrames::Item> KeptFrames::take(std::size_t index) {
  if (items_.empty() || items_.front().index > index) return std::nullopt;
  Item& item = items_[index - items_.front().index];
  cursor_ = index + 1;
  return Item{index,
              item.time,
              item.encoding,
              item.key,
              std::move(item.frame),
              std::exchange(item.lease, std::nullopt)};
}

void KeptFrames::go_back_to(double time) {
  auto first = std::ranges::find_if(items_, [&](const Item& item) { return item.time >= time; });
  while (first != items_.begin() && (first == items_.end() || !first->key)) --first;
  if (first != items_.end()) cursor_ = std::min(cursor_, first->index);
}

}  // namespace piste::pipeline
