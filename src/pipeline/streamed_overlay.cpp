#include "pipeline/streamed_overlay.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <utility>
#include <vector>

#include "pipeline/analyser.h"
#include "pipeline/log_pictures.h"

namespace piste::pipeline {
namespace {

using artifacts::Look;

constexpr std::int64_t rest_frames = 75;  // kept for the end, where they are drawn with all that is known
constexpr std::size_t piece_frames = 15;
constexpr std::size_t pieces_ahead = 6;  // in work at the end at a time; the others cost no memory yet
constexpr double same_time = 0.002;      // s
constexpr double context = 1.5;  // s of the tracks before a piece: the smoothing and the labels know it

bool is_ready(const std::future<void>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

// Tasks that use their starter's variables must end before those do.
template <class T>
struct Tasks : std::deque<std::future<T>> {
  ~Tasks() {
    for (auto& task : *this) {
      if (task.valid()) task.wait();  // not the one whose exception flies
    }
  }
};

}  // namespace

StreamedOverlay::StreamedOverlay(const recording::FrameLog& log, const PhraseSettings& settings,
                                 types::Weapon weapon, Threads threads)
    : log_(log),
      settings_(settings),
      weapon_(weapon),
      path_(settings.directory / "overlay.mp4"),
      reduce_(reduction_for(settings.width)),
      threads_(std::move(threads)),
      background_lane_(threads_.background.make_lane()) {}

StreamedOverlay::~StreamedOverlay() {
  dropped_ = true;
  if (piece_.valid()) piece_.wait();
}

void StreamedOverlay::advance(std::int64_t frames, const std::function<types::Tracks(double)>& known) {
  if (frames < drawn_ + rest_frames + static_cast<std::int64_t>(piece_frames)) return;
  if (piece_.valid() && !is_ready(piece_)) return;
  if (!failure_.empty()) return;
  auto picture = threads_.pictures.try_acquire(picture_bytes());
  if (!picture) return;  // with a later frame
  types::Analysis analysis;
  analysis.id = settings_.id;
  analysis.width = settings_.width;
  analysis.height = settings_.height;
  analysis.weapon = weapon_;
  analysis.tracks = known(static_cast<double>(drawn_) / settings_.fps - context);
  drawn_ += piece_frames;
  piece_ = threads_.background.run(
      background_lane_, [this, so_far = std::move(analysis), lease = std::move(*picture)]() mutable {
        const auto held = std::move(lease);  // a piece draws one picture after the other
        draw_live(std::move(so_far));
      });
}

void StreamedOverlay::draw_live(types::Analysis analysis) {
  const Moments moments(log_, {.fps = settings_.fps, .timestamps = settings_.timestamps});
  if (!goes_on(moments)) return;  // finish() will draw all anew
  moments.put_into(analysis.tracks);
  Piece piece = rest(moments);
  piece.end = std::min(piece.end, piece.first + piece_frames);
  if (piece.size() == 0) return;
  piece.look = Look::live;
  append(draw(analysis, moments, piece));
  drawn_until_ = moments.places()[piece.end - 1].time;
  const auto first = moments.places().begin() + static_cast<std::ptrdiff_t>(piece.first);
  drawn_places_.insert(drawn_places_.end(), first, first + static_cast<std::ptrdiff_t>(piece.size()));
}

// Whether what is drawn already still has its time.
bool StreamedOverlay::goes_on(const Moments& moments) const {
  std::vector<double> times(moments.places().size());
  for (const Place& place : moments.places()) times[place.index] = place.time;
  return std::all_of(drawn_places_.begin(), drawn_places_.end(), [&](const Place& drawn) {
    return std::abs(drawn.time - times[drawn.index]) < same_time;
  });
}

// Where the piece begins that is to be drawn next: after what is there already.
StreamedOverlay::Piece StreamedOverlay::rest(const Moments& moments) const {
  const auto& places = moments.places();
  const auto next = std::find_if(places.begin(), places.end(),
                                 [this](const Place& place) { return place.time > drawn_until_; });
  return {static_cast<std::size_t>(next - places.begin()), places.size()};
}

StreamedOverlay::Drawn StreamedOverlay::draw(const types::Analysis& analysis, const Moments& moments,
                                             Piece piece) const {
  const auto& places = moments.places();
  auto drawing =
      artifacts::OverlayPiece::begin(analysis, piece.look, places.back().time + 1 / analysis.tracks.fps);
  if (!drawing) return {nullptr, drawing.error().message};
  Drawn drawn;
  if (!draw_frames(**drawing, moments, piece, drawn.failure)) return drawn;
  const bool last = piece.end == places.size() || places[piece.end].time > artifacts::repeat_of(analysis).to;
  if (piece.look == Look::repeat && last) {
    if (const auto held = (*drawing)->hold(); !held) return {nullptr, held.error().message};
  }
  auto run = (*drawing)->finish();
  if (!run) return {nullptr, run.error().message};
  drawn.run = std::move(*run);
  return drawn;
}

// False: there is no frame in the piece, or nobody wants it any more.
bool StreamedOverlay::draw_frames(artifacts::OverlayPiece& drawing, const Moments& moments, Piece piece,
                                  std::string& failure) const {
  bool any = false;
  LogPictures pictures(log_, moments.places(), reduce_);
  for (std::size_t place = piece.first; place < piece.end; ++place) {
    if (dropped_) return false;
    const auto frame = pictures.at(place);
    if (!frame) continue;
    if (const auto written = drawing.write(*frame); !written) {
      failure = written.error().message;
      return false;
    }
    any = true;
  }
  return any;
}

std::size_t StreamedOverlay::picture_bytes() const {
  return pipeline::picture_bytes(settings_.width, settings_.height,
                                 log_.size() > 0 ? log_.entry(0).encoding : types::Encoding::jpeg);
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

// What is not drawn yet, and then the hit again.
std::deque<StreamedOverlay::Piece> StreamedOverlay::pieces_of_rest(const types::Analysis& analysis,
                                                                   const Moments& moments) const {
  const auto& places = moments.places();
  const artifacts::Repeat repeat = artifacts::repeat_of(analysis);
  Piece again{0, 0, Look::repeat};
  while (again.first < places.size() && !repeat.shows(places[again.first].time)) ++again.first;
  again.end = again.first;
  while (again.end < places.size() && repeat.shows(places[again.end].time)) ++again.end;
  std::deque<Piece> pieces;
  for (Piece left : {rest(moments), again}) {
    for (; left.size() > 0; left.first = pieces.back().end)
      pieces.push_back({left.first, std::min(left.first + piece_frames, left.end), left.look});
  }
  return pieces;
}

void StreamedOverlay::draw_rest(const types::Analysis& analysis, const Moments& moments,
                                const OverlayListener& listener) {
  auto left = pieces_of_rest(analysis, moments);
  const double total = static_cast<double>(std::max<std::size_t>(1, left.size()));
  Tasks<Drawn> tasks;
  const auto start_piece = [&] {
    auto picture = tasks.empty() ? threads_.pictures.acquire(picture_bytes(), listener.cancelled)
                                 : threads_.pictures.try_acquire(picture_bytes());
    if (!picture) return false;
    const Piece piece = left.front();
    left.pop_front();
    tasks.push_back(threads_.workers.run(threads_.lane, [&, piece, lease = std::move(*picture)]() mutable {
      const auto held = std::move(lease);
      return listener.cancelled() ? Drawn{} : draw(analysis, moments, piece);
    }));
    return true;
  };
  while (!left.empty() || !tasks.empty()) {
    while (!left.empty() && tasks.size() < pieces_ahead && start_piece()) continue;
    if (tasks.empty()) return;  // cancelled
    append(tasks.front().get());
    tasks.pop_front();
    listener.on_progress(1 - static_cast<double>(left.size()) / total);
    if (!failure_.empty() || listener.cancelled()) return;
  }
}

void StreamedOverlay::begin_anew() {
  if (piece_.valid()) piece_.get();
  file_.reset();
  drawn_until_ = -1;
  drawn_places_.clear();
}

Result<base::Done> StreamedOverlay::finish(const types::Analysis& analysis, const Moments& moments,
                                           const OverlayListener& listener) {
  if (piece_.valid()) piece_.get();
  if (failure_.empty() && !goes_on(moments)) begin_anew();
  if (failure_.empty()) draw_rest(analysis, moments, listener);
  if (listener.cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
  if (failure_.empty() && !file_) failure_ = "there is no frame to draw on";
  if (failure_.empty()) {
    if (const auto finished = file_->finish(); !finished) failure_ = finished.error().message;
  }
  if (!failure_.empty()) return Error{ErrorCode::io, failure_};
  return base::Done{};
}

}  // namespace piste::pipeline
