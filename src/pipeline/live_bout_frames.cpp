// How a live bout looks at its frames: decoded ahead, and again where the tracker begins anew.
#include <algorithm>
#include <utility>

#include "pipeline/live_bout.h"
#include "video/codec.h"
#include "video/frame_decoder.h"

namespace piste::pipeline {
namespace {

namespace box = types::box;

constexpr double drop_every = 5;  // s

}  // namespace

// Lamps in the picture, where nobody tells hits, or by how much the picture lags the box is not known yet.
box::Events LiveBout::watch(const Decoded& decoded) {
  box::Events events;
  if (!watch_ || decoded.shown.time <= watched_) return events;
  watched_ = decoded.shown.time;
  watch_->look(*decoded.frame, events);
  for (box::Event& event : events) event.moment.at += zero_;
  return events;
}

bool LiveBout::look_at_next() {
  if (!ahead_) ahead_ = decode_next(Wait::yes);
  if (!ahead_) return false;
  auto decoded = ahead_->get();
  ahead_ = decode_next(Wait::no);
  look_at(decoded);
  return true;
}

void LiveBout::look_at(const Decoded& decoded) {
  auto& shown = stretch_->shown;
  if (decoded.sound) shown.push_back(decoded.shown);
  if (decoded.frame) {
    auto watching = shared_.workers.run(stretch_->analyser.lane(), [&] { return watch(decoded); });
    const WaitAtExit wait(watching);
    stretch_->analyser.add(decoded.frame);
    const auto seen = watching.get();
    const base::Lock lock(mutex_);
    hearing_.saw(seen);
  }
  const double time = decoded.shown.time;
  if (decoded.frame && time > looked_) show(decoded);  // and not what is looked at again
  looked_ = std::max(looked_, time);
  if (shown.empty() || shown.front().time > time - bout_looks_back - drop_every) return;
  while (!shown.empty() && shown.front().time < time - bout_looks_back) shown.pop_front();
  if (shown.empty()) return;  // nothing that could be decoded came for so long
  stretch_->analyser.drop(shown.front().time - stretch_->zero, shown.front().number);
}

void LiveBout::show(const Decoded& decoded) {
  const auto number = log_.entry(decoded.shown.index).number;
  view_.look(decoded.frame->image, number, settings_.width, settings_.height, stretch_->analyser.poses());
}

// The next frame, being decoded; nullopt when there is none yet, or no room for it. One that is late, or is
// sent again, is not looked at: it is in the phrase's video.
std::optional<LiveBout::Decoding> LiveBout::decode_next(Wait wait) {
  base::Lock lock(mutex_);
  // Up to free_from_ an earlier run has judged it.
  const auto* next = cancelled_ ? nullptr : frames_.next(stretch_ ? planned_ : -for_ever, free_from_);
  if (!next) return std::nullopt;
  const auto [index, time] = std::pair(next->index, next->time);
  const auto whom = stands_back_ ? PictureBudget::For::left : PictureBudget::For::awaited;
  lock.unlock();
  if (!stretch_) begin(time);
  const std::size_t bytes = picture_bytes(settings_.width, settings_.height, types::Encoding::png);
  auto room = wait == Wait::yes ? shared_.pictures.acquire(
                                      bytes, [this] { return cancelled(); }, whom)
                                : shared_.pictures.try_acquire(bytes, whom);
  if (!room) return std::nullopt;
  lock.lock();
  auto item = frames_.take(index);
  lock.unlock();
  if (!item) return std::nullopt;
  planned_ = time;
  return decode(std::move(*item), stretch_->next_number++, std::move(*room));
}

// With the first frame.
void LiveBout::begin(double time) {
  zero_ = time;
  const auto places = lamp_places(settings_, shared_.options);
  if (places.watch) watch_.emplace(lamps::Options{places, settings_.fps});
  begin_stretch(std::max(time, free_from_));
}

LiveBout::Decoding LiveBout::decode(KeptFrames::Item item, std::int64_t number, PictureBudget::Lease room) {
  const double time = item.time - stretch_->zero;
  const bool wanted = item.time >= looks_from_;
  return shared_.workers.run(
      stretch_->analyser.lane(),
      [this, item = std::move(item), number, time, wanted, room = std::move(room)]() mutable -> Decoded {
        Decoded decoded{{item.time, item.index, number, item.key}, false, nullptr};
        if (!item.frame) {
          auto read = log_.read(item.index);
          if (!read) return decoded;
          read->width = settings_.width;
          read->height = settings_.height;
          item.frame = std::make_shared<const types::EncodedFrame>(std::move(*read));
        }
        if (!wanted) {
          decoded.sound = decoder_->skip(*item.frame).ok();
          return decoded;
        }
        auto image = decoder_->decode(*item.frame);
        if (!image) return decoded;
        decoded.sound = true;
        types::Frame frame{number, time, video::scale_of(*image, *item.frame), std::move(*image)};
        decoded.frame = counted(std::move(frame), std::move(room));
        return decoded;
      });
}

// From this moment on, as if nothing had been looked at before; decoding begins with the key frame before it.
void LiveBout::begin_stretch(double from) {
  if (ahead_) ahead_->wait();
  ahead_.reset();
  const auto options = tracker_options(shared_, settings_);
  stretch_.reset(new Stretch{Analyser(shared_.models, shared_.workers, options, types::nowhere), zero_, {}});
  decoder_.emplace(reduction_for(settings_.width));
  looks_from_ = from;
  const base::Lock lock(mutex_);
  lane_ = stretch_->analyser.lane();
  if (stands_back_) shared_.workers.stand_back(lane_, true);
  frames_.go_back_to(from);
  planned_ = -for_ever;
}

}  // namespace piste::pipeline
