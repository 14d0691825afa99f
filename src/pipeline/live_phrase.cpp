#include "pipeline/live_phrase.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/steady.h"
#include "base/text.h"
#include "pipeline/evidence.h"
#include "pipeline/frame_numbers.h"
#include "pipeline/log_pictures.h"
#include "recording/numbering.h"
#include "types/said.h"
#include "video/codec.h"

namespace piste::pipeline {

namespace {

constexpr double most_stretched = 1.05;        // of the announced shape
constexpr double most_stretched_frames = 0.1;  // of all
constexpr double fastest_camera = 240;         // frames/s; beyond it the announced rate is no rate
constexpr double usual_fps = 30;
constexpr double longest_gap = 10;  // s

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

// The code for one thing, or for several.
std::string counting(const std::string& code, std::int64_t count) {
  return count == 1 ? code : code + "s";
}

}  // namespace

LivePhrase::LivePhrase(Shared& shared, const PhraseSettings& settings, const recording::FrameLog& log,
                       PhraseObserver observer)
    : shared_(shared),
      settings_(settings),
      log_(log),
      tracker_(tracker_options(shared, settings)),
      found_(log.size()),
      observer_(std::move(observer)),
      view_(observer_.on_sight),
      analyser_(shared.models, shared.workers, tracker_, lamp_places(settings, shared.options)),
      decoder_(reduction_for(settings.width)),
      thread_([this] { run(); }) {}

LivePhrase::~LivePhrase() {
  cancel();
}

void LivePhrase::push(std::size_t index, types::EncodedFrame frame,
                      std::optional<base::ByteBudget::Lease> lease) {
  Item item{index, frame.number, frame.key, frame.encoding, frame.timestamp, nullptr, std::move(lease)};
  const double arrived = base::steady_seconds();
  if (item.lease) item.frame = std::make_shared<const types::EncodedFrame>(std::move(frame));
  {
    const base::Lock lock(mutex_);
    arrivals_.resize(std::max(arrivals_.size(), index + 1));
    if (index >= found_) arrivals_[index] = arrived;
    queue_.add(std::move(item));
  }
  changed_.notify_one();
}

void LivePhrase::finish(std::string log, const types::StreamingStats& streaming) {
  {
    const base::Lock lock(mutex_);
    if (!finished_) finished_ = Ending{std::move(log), streaming, Clock::now()};
    queue_.end();
  }
  changed_.notify_one();
}

void LivePhrase::stand_back(bool back) {
  stands_back_ = back;
  shared_.workers.stand_back(analyser_.lane(), back);
}

void LivePhrase::abandon() {
  {
    const base::Lock lock(mutex_);
    cancelled_ = true;
  }
  changed_.notify_one();
  shared_.pictures.wake();
  shared_.workers.give_up(analyser_.lane());  // after cancelled_: what its tasks leave out is not looked at
}

void LivePhrase::cancel() {
  abandon();
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

std::size_t LivePhrase::waiting() const {
  const base::Lock lock(mutex_);
  return queue_.size() + in_work_;
}

bool LivePhrase::cancelled() const {
  const base::Lock lock(mutex_);
  return cancelled_;
}

void LivePhrase::run() {
  try {
    if (settings_.save_overlay) make_overlay();
    look_at_frames();
    if (cancelled()) return;
    auto outcome = end();
    if (!cancelled()) observer_.on_done(std::move(outcome));
  } catch (const std::exception& failure) {
    base::log::error(settings_.id, std::string("analysis failed: ") + failure.what());
    if (!cancelled()) observer_.on_done(Error{ErrorCode::io, "the analysis failed inside the server"});
  }
}

// The next frame is decoded on a worker while the poses of the current one are found.
void LivePhrase::look_at_frames() {
  auto ahead = decode_next(Wait::yes);
  const WaitAtExit wait(ahead);
  while (ahead) {
    auto decoded = ahead->get();
    ahead = decode_next(Wait::no);
    look_at(decoded);
    decoded.frame.reset();  // who waits for the next one's room must hold none
    if (!ahead) ahead = decode_next(Wait::yes);
  }
}

// A camera whose pictures EXIF turns may announce the size that it stores. All that follows is about what is
// shown.
void LivePhrase::take_shape(const types::Image& image) {
  const bool upright = image.height > image.width, announced_upright = settings_.height > settings_.width;
  if (upright == announced_upright || image.width == image.height) return;
  std::swap(settings_.width, settings_.height);
  analyser_.turn(settings_.width, settings_.height);
  if (overlay_) make_overlay();
}

void LivePhrase::make_overlay() {
  overlay_.emplace(
      log_, settings_, settings_.weapon.value_or(shared_.options.weapon),
      StreamedOverlay::Threads{shared_.workers, analyser_.lane(), shared_.background, shared_.pictures});
}

// After the frame that is being looked at.
bool LivePhrase::nothing_follows() const {
  const base::Lock lock(mutex_);
  return finished_ && queue_.size() == 0 && in_work_ == 1;
}

void LivePhrase::look_at(const Decoded& decoded) {
  const auto start = Clock::now();
  if (decoded.frame) {
    if (analyser_.frames() == 0) take_shape(decoded.frame->image);
    remember_size(decoded);
    analyser_.add(decoded.frame, [this] { return nothing_follows(); });
    view_.look(decoded.frame->image, decoded.number, settings_.width, settings_.height, analyser_.poses());
  } else {
    undecodable_.push_back(decoded.number);
  }
  analysis_seconds_ += seconds_since(start);
  base::Lock lock(mutex_);
  --in_work_;
  const bool told = finished_.has_value();
  const std::size_t left = queue_.size() + in_work_;
  lock.unlock();
  if (!told) {
    if (overlay_)
      overlay_->advance(analyser_.frames(),
                        [this](double from) { return analyser_.finish(analyser_.motion(), from); });
    return;
  }
  if (cancelled()) return;
  ++looked_at_after_log_;
  const double done = static_cast<double>(looked_at_after_log_);
  observer_.on_progress({"yolo",
                         done / (done + static_cast<double>(left)),
                         "Finding the fencers: " + std::to_string(left) + " frames left",
                         {}});
}

// The next frame, being decoded; nullopt when there is none, or with Wait::yes when there will be none. With
// deferred analysis no frame is given before the log is there.
std::optional<LivePhrase::Decoding> LivePhrase::decode_next(Wait wait) {
  base::Lock lock(mutex_);
  if (wait == Wait::yes) {
    while (!cancelled_ && !finished_ && !(shared_.options.live && queue_.has_next())) changed_.wait(lock);
  }
  if (cancelled_ || !queue_.has_next()) return std::nullopt;
  const auto encoding = queue_.front().encoding;
  lock.unlock();
  auto room = room_for(encoding, wait);
  if (!room) return std::nullopt;
  lock.lock();
  auto item = queue_.next();  // still the same: only this thread takes from the queue
  ++in_work_;
  lock.unlock();
  item->time = live_time(*item);
  return decode(std::move(*item), std::move(*room));
}

std::optional<PictureBudget::Lease> LivePhrase::room_for(types::Encoding encoding, Wait wait) {
  const std::size_t bytes = picture_bytes(settings_.width, settings_.height, encoding);
  const auto whom = stands_back_ ? PictureBudget::For::left : PictureBudget::For::awaited;
  if (wait == Wait::no) return shared_.pictures.try_acquire(bytes, whom);
  return shared_.pictures.acquire(bytes, [this] { return cancelled(); }, whom);
}

LivePhrase::Decoding LivePhrase::decode(Item item, PictureBudget::Lease lease) {
  return shared_.workers.run(analyser_.lane(),
                             [this, item = std::move(item), lease = std::move(lease)]() mutable {
                               return decode_now(item, std::move(lease));
                             });
}

// The log's first frame is there before any is decoded, and it says where the numbers begin.
double LivePhrase::time_of(std::int64_t number) const {
  const std::int64_t earliest = log_.entry(0).number;
  const double fps = settings_.fps <= fastest_camera ? settings_.fps : usual_fps;
  return static_cast<double>(number - recording::first_number(earliest, earliest, {})) / fps;
}

// What the tracker counts by, before all is there that decides on the frames' times: what the client says to
// be the time of capture, as long as it goes on as a clock does; else the number.
double LivePhrase::live_time(const Item& item) {
  const double counted = time_of(item.number);
  const bool captured = settings_.timestamps == types::Timestamps::capture;
  if (!captured || !item.timestamp || !std::isfinite(*item.timestamp)) return counted;
  if (!origin_) origin_ = *item.timestamp - counted;
  double time = *item.timestamp - *origin_;
  if (item.number <= last_number_) return time;
  if (last_number_ >= 0 && (time <= last_time_ || time > last_time_ + longest_gap)) {
    const double usual = last_time_ + 1 / settings_.fps;
    *origin_ += time - usual;
    time = usual;
  }
  last_number_ = item.number;
  last_time_ = time;
  return time;
}

LivePhrase::Decoded LivePhrase::decode_now(const Item& item, PictureBudget::Lease lease) {
  Decoded decoded{item.number, nullptr};
  auto encoded = item.frame;
  if (!encoded) {
    auto read = log_.read(item.index);
    if (!read) return decoded;
    encoded = std::make_shared<const types::EncodedFrame>(std::move(*read));
  }
  auto image = decoder_.decode(*encoded);
  if (!image) return decoded;
  if (const auto own = video::inspect(encoded->encoding, *encoded->bytes, encoded->width, encoded->height)) {
    decoded.own_width = own->width;
    decoded.own_height = own->height;
  }
  types::Frame frame;
  frame.number = item.number;
  frame.time = item.time;
  frame.scale = video::scale_of(*image, *encoded);
  frame.image = std::move(*image);
  decoded.frame = counted(std::move(frame), std::move(lease));
  return decoded;
}

void LivePhrase::remember_size(const Decoded& decoded) {
  if (decoded.own_width == settings_.width && decoded.own_height == settings_.height) return;
  if (resized_++ == 0) first_resized_ = {decoded.number, nullptr, decoded.own_width, decoded.own_height};
  const double stretch = static_cast<double>(decoded.own_width) * settings_.height /
                         (static_cast<double>(decoded.own_height) * settings_.width);
  if (std::max(stretch, 1 / stretch) > most_stretched) ++stretched_;
}

// Who is stretched moves otherwise than the referee has learned.
types::Said LivePhrase::picture_doubt() const {
  if (static_cast<double>(stretched_) <= most_stretched_frames * static_cast<double>(analyser_.frames()))
    return {};
  return types::said("stretched");
}

// What was odd about the frames, for the reader of the result.
std::vector<types::Said> LivePhrase::remarks(const types::StreamingStats& streaming) const {
  std::vector<types::Said> out;
  if (!undecodable_.empty()) {
    const auto count = static_cast<std::int64_t>(undecodable_.size());
    out.push_back(
        types::said(counting("undecodable_frame", count),
                    {{"count", static_cast<double>(count)}, {"numbers", numbers_text(undecodable_)}}));
  }
  if (resized_ > 0) {
    out.push_back(types::said(counting("resized_frame", resized_),
                              {{"count", static_cast<double>(resized_)},
                               {"number", static_cast<double>(first_resized_.number)},
                               {"size", size_text(first_resized_.own_width, first_resized_.own_height)},
                               {"announced", size_text(settings_.width, settings_.height)}}));
  }
  if (streaming.first_frame_number != 0)
    out.push_back(
        types::said("numbers_begin", {{"number", static_cast<double>(streaming.first_frame_number)}}));
  return out;
}

Upright LivePhrase::put_upright(types::Tracks& tracks, const Moments& moments) {
  return pipeline::put_upright(tracks, shared_.models, shared_.workers, tracker_, [&] {
    return frames_of(log_, moments, settings_.width, [this] { return cancelled(); });
  });
}

Result<Outcome> LivePhrase::end() {
  const Ending ending = [this] {
    const base::Lock lock(mutex_);
    return *finished_;
  }();
  observer_.on_progress({"yolo", 1, "All frames looked at", {}});
  Material material;
  const Moments moments(log_, evidence_of(ending.log, settings_, shared_.options),
                        ending.streaming.first_frame_number, [this] {
                          const base::Lock lock(mutex_);
                          return arrivals_;
                        }());
  material.camera = analyser_.motion();
  material.tracks = analyser_.finish(material.camera);
  material.lamps = analyser_.seen_lamps();
  material.upright = put_upright(material.tracks, moments);
  if (overlay_ && material.upright.by != Turn::none) overlay_->begin_anew();
  moments.put_into(material.tracks);
  material.time_source = moments.source() == recording::TimeSource::timestamps ? "timestamps" : "numbers";
  material.settings = settings_;
  material.log = ending.log;
  material.streaming = ending.streaming;
  material.undecodable_frames = static_cast<std::int64_t>(undecodable_.size());
  material.warnings = remarks(ending.streaming);
  material.warnings.insert(material.warnings.end(), moments.warnings().begin(), moments.warnings().end());
  material.clock_doubt = moments.doubt();
  material.picture_doubt = picture_doubt();
  material.timings.emplace_back("yolo", analysis_seconds_);
  material.log_arrived = ending.arrived;
  const StreamedFootage footage(log_, moments, overlay_ ? &*overlay_ : nullptr);
  return conclude(std::move(material), footage,
                  {shared_.options, shared_.lens, shared_.workers, analyser_.lane(), observer_.on_progress,
                   [this] { return cancelled(); }});
}

}  // namespace piste::pipeline
