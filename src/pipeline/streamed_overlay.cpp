#include "pipeline/streamed_overlay.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>
#include <vector>

#include "pipeline/analyser.h"
#include "video/codec.h"

namespace piste::pipeline {
namespace {

using artifacts::Look;

constexpr std::int64_t rest_frames = 120;  // kept for the end: as many as are drawn in half a second
constexpr std::size_t piece_frames = 15;
constexpr std::size_t pieces_ahead = 6;  // in work at the end at a time; the others cost no memory yet
constexpr double context = 1.5;  // s of the tracks before a piece: the smoothing and the labels know it

bool is_ready(const std::future<void>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

// Tasks that use their starter's variables must end before those do.
template <class T>
struct Tasks : std::deque<std::future<T>> {
  ~Tasks() {
    for (auto& task : *this) task.wait();
  }
};

}  // namespace

StreamedOverlay::StreamedOverlay(const recording::FrameLog& log, const PhraseSettings& settings,
                                 types::Weapon weapon, Workers& background, Workers& workers)
    : log_(log),
      settings_(settings),
      weapon_(weapon),
      path_(settings.directory / "overlay.mp4"),
      reduce_(reduction_for(settings.width)),
      background_(background),
      workers_(workers),
      background_lane_(background.make_lane()),
      lane_(workers.make_lane()) {}

StreamedOverlay::~StreamedOverlay() {
  dropped_ = true;
  if (piece_.valid()) piece_.wait();
}

void StreamedOverlay::advance(std::int64_t frames, const std::function<types::Tracks(double)>& known) {
  if (frames < drawn_ + rest_frames + static_cast<std::int64_t>(piece_frames)) return;
  if (piece_.valid() && !is_ready(piece_)) return;
  if (!failure_.empty()) return;
  types::Analysis analysis;
  analysis.id = settings_.id;
  analysis.width = settings_.width;
  analysis.height = settings_.height;
  analysis.weapon = weapon_;
  analysis.tracks = known(static_cast<double>(drawn_) / settings_.fps - context);
  drawn_ += piece_frames;
  piece_ = background_.run(background_lane_,
                           [this, so_far = std::move(analysis)]() mutable { draw_live(std::move(so_far)); });
}

void StreamedOverlay::draw_live(types::Analysis analysis) {
  const Moments moments(log_, settings_.fps);
  if (source_.value_or(moments.source()) != moments.source()) return;  // finish() will draw all anew
  source_ = moments.source();
  moments.put_into(analysis.tracks);
  const Places places = begin_rest(moments);
  const Places piece = places.first(std::min(places.size(), piece_frames));
  if (piece.empty()) return;
  append(draw(analysis, Look::live, piece, false));
  drawn_until_ = piece.back().time;
}

// Where the piece begins that is to be drawn next: after what is there already.
StreamedOverlay::Places StreamedOverlay::begin_rest(const Moments& moments) {
  const auto& places = moments.places();
  const auto next = std::find_if(places.begin(), places.end(),
                                 [this](const Place& place) { return place.time > drawn_until_; });
  return {next, places.end()};
}

StreamedOverlay::Drawn StreamedOverlay::draw(const types::Analysis& analysis, Look look, Places places,
                                             bool last) const {
  auto piece = artifacts::OverlayPiece::begin(analysis, look);
  if (!piece) return {nullptr, piece.error().message};
  Drawn drawn;
  if (!draw_frames(**piece, places, drawn.failure)) return drawn;
  if (last) {
    if (const auto held = (*piece)->hold_verdict(); !held) return {nullptr, held.error().message};
  }
  auto run = (*piece)->finish();
  if (!run) return {nullptr, run.error().message};
  drawn.run = std::move(*run);
  return drawn;
}

// False: there is no frame in the piece, or nobody wants it any more.
bool StreamedOverlay::draw_frames(artifacts::OverlayPiece& piece, Places places, std::string& failure) const {
  bool any = false;
  for (const Place& place : places) {
    if (dropped_) return false;
    const auto encoded = log_.read(place.index);
    if (!encoded) continue;
    auto image = video::decode(*encoded, reduce_);
    if (!image) continue;
    const double scale = static_cast<double>(image->width) / encoded->width;
    const auto written = piece.write({encoded->number, place.time, scale, std::move(*image)});
    if (!written) {
      failure = written.error().message;
      return false;
    }
    any = true;
  }
  return any;
}

void StreamedOverlay::append(const Drawn& drawn) {
  if (!failure_.empty()) return;
  failure_ = drawn.failure;
  if (!drawn.run) return;
  if (!file_) {
    auto file = video::H264File::create(path_);
    if (!file) {
      failure_ = file.error().message;
      return;
    }
    file_ = std::move(*file);
  }
  if (const auto appended = file_->append(*drawn.run); !appended) failure_ = appended.error().message;
}

void StreamedOverlay::draw_rest(const types::Analysis& analysis, Places rest,
                                const OverlayListener& listener) {
  const double total = static_cast<double>(std::max<std::size_t>(1, rest.size()));
  std::size_t started = 0;
  Tasks<Drawn> tasks;
  const auto start_piece = [&] {
    const Places piece = rest.subspan(started, std::min(piece_frames, rest.size() - started));
    started += piece.size();
    tasks.push_back(workers_.run(lane_, [&, piece, last = started == rest.size()] {
      return listener.cancelled() ? Drawn{} : draw(analysis, Look::whole, piece, last);
    }));
  };
  while (started < rest.size() || !tasks.empty()) {
    while (started < rest.size() && tasks.size() < pieces_ahead) start_piece();
    append(tasks.front().get());
    tasks.pop_front();
    listener.on_progress(static_cast<double>(started) / total);
    if (!failure_.empty() || listener.cancelled()) return;
  }
}

Result<base::Done> StreamedOverlay::finish(const types::Analysis& analysis, const Moments& moments,
                                           const OverlayListener& listener) {
  if (piece_.valid()) piece_.get();
  if (failure_.empty() && source_ && *source_ != moments.source()) {
    file_.reset();  // its times were others
    drawn_until_ = -1;
  }
  if (failure_.empty()) draw_rest(analysis, begin_rest(moments), listener);
  if (listener.cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
  if (failure_.empty() && !file_) failure_ = "there is no frame to draw on";
  if (failure_.empty()) {
    if (const auto finished = file_->finish(); !finished) failure_ = finished.error().message;
  }
  if (!failure_.empty()) return Error{ErrorCode::io, failure_};
  return base::Done{};
}

}  // namespace piste::pipeline
