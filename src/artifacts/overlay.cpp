#include <cmath>
#include <opencv2/imgproc.hpp>

#include "artifacts/artifacts.h"
#include "artifacts/band.h"
#include "artifacts/close_up.h"
#include "artifacts/fencers.h"
#include "artifacts/verdict_card.h"
#include "video/writer.h"

namespace piste::artifacts {
namespace {

constexpr double hold_length = 1.5;  // s, that the last picture stays

Error video_error(const video::Error& error) {
  return {error.code == video::ErrorCode::io ? ErrorCode::io : ErrorCode::video,
          "the overlay cannot be made: " + error.message};
}

// from: received pixels; the image may have been decoded smaller.
bool take_picture(const types::Image& image, cv::Rect2d from, cv::Size received, cv::Mat3b onto) {
  const auto expected = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3;
  if (image.bgr.empty() || image.bgr.size() != expected) return false;
  const cv::Mat3b all(image.height, image.width,
                      reinterpret_cast<cv::Vec3b*>(const_cast<std::uint8_t*>(image.bgr.data())));
  const double x = static_cast<double>(image.width) / received.width;
  const double y = static_cast<double>(image.height) / received.height;
  const cv::Rect part(cvFloor(from.x * x), cvFloor(from.y * y), std::max(1, cvRound(from.width * x)),
                      std::max(1, cvRound(from.height * y)));
  const cv::Mat3b source = all(part & cv::Rect(0, 0, all.cols, all.rows));
  const bool smaller = 2 * onto.cols <= source.cols;  // averaging costs more than the encoder
  cv::resize(source, onto, onto.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
  return true;
}

// What is common to all pieces: one picture, which is drawn into again and again.
class Piece : public OverlayPiece {
 public:
  Piece(std::unique_ptr<video::H264Run> run, const types::Analysis& analysis, Look look, const Layout& layout)
      : analysis_(analysis),
        layout_(layout),
        run_(std::move(run)),
        band_(analysis, look, layout, lettering_) {
    picture_.width = layout.whole.width;
    picture_.height = layout.whole.height;
    picture_.bgr.resize(static_cast<std::size_t>(layout.whole.area()) * 3);
  }

  Result<base::Done> write(const types::Frame& frame) override {
    if (!(frame.time >= 0)) return Error{ErrorCode::video, "a frame's time is out of range"};
    if (!draw(frame)) return Error{ErrorCode::video, "a frame has no picture"};
    band_.draw(pixels()(layout_.band()), frame.time, frame.number);
    last_ = shown_at(frame.time);
    has_frame_ = true;
    return put(last_);
  }

  Result<base::Done> hold() override {
    if (!has_frame_) return Error{ErrorCode::video, "the overlay has no frame"};
    return put(last_ + hold_length);
  }

  Result<std::unique_ptr<video::H264Run>> finish() override {
    if (!has_frame_) return Error{ErrorCode::video, "the overlay has no frame"};
    if (auto finished = run_->finish(); !finished) return video_error(finished.error());
    return std::move(run_);
  }

 protected:
  virtual bool draw(const types::Frame& frame) = 0;
  virtual double shown_at(double time) const = 0;

  cv::Mat3b pixels() {
    return {picture_.height, picture_.width, reinterpret_cast<cv::Vec3b*>(picture_.bgr.data())};
  }
  bool has_frame() const { return has_frame_; }

  const types::Analysis& analysis_;
  const Layout layout_;
  Lettering lettering_;

 private:
  Result<base::Done> put(double time) {
    auto written = run_->write(picture_, time);
    if (!written) return video_error(written.error());
    return base::Done{};
  }

  std::unique_ptr<video::H264Run> run_;
  Band band_;
  types::Image picture_;
  double last_ = 0;
  bool has_frame_ = false;
};

class PhrasePiece final : public Piece {
 public:
  PhrasePiece(std::unique_ptr<video::H264Run> run, const types::Analysis& analysis, Look look,
              const Layout& layout)
      : Piece(std::move(run), analysis, look, layout),
        fencers_(analysis, look, layout.placing(), layout.scale) {}

 private:
  bool draw(const types::Frame& frame) override {
    cv::Mat3b video = pixels()(cv::Rect({}, layout_.video));
    const cv::Rect2d all({}, cv::Size2d(layout_.received));
    if (!take_picture(frame.image, all, layout_.received, video)) return false;
    if (!has_frame()) fencers_.begin(frame.time);
    Canvas canvas(video, lettering_);
    fencers_.draw(canvas, frame.time);
    return true;
  }
  double shown_at(double time) const override { return time; }

  Fencers fencers_;
};

class RepeatPiece final : public Piece {
 public:
  RepeatPiece(std::unique_ptr<video::H264Run> run, const types::Analysis& analysis, const Layout& layout,
              double at)
      : Piece(std::move(run), analysis, Look::repeat, layout),
        begins_(repeat_of(analysis).from),
        at_(at),
        close_up_(close_up_of(analysis, layout)),
        fencers_(analysis, Look::repeat, close_up_.placing(), layout.scale) {
    pixels().setTo(cv::Scalar(palette::ink.b, palette::ink.g, palette::ink.r));
    cv::Mat3b card = pixels()(layout.card);
    Canvas canvas(card, lettering_);
    draw_verdict_card(canvas, analysis, layout.scale);
  }

 private:
  bool draw(const types::Frame& frame) override {
    cv::Mat3b stage = pixels()(layout_.stage)(close_up_.onto);
    if (!take_picture(frame.image, close_up_.from, layout_.received, stage)) return false;
    if (!has_frame()) fencers_.begin(frame.time);
    Canvas canvas(stage, lettering_);
    fencers_.draw(canvas, frame.time);
    return true;
  }
  double shown_at(double time) const override { return at_ + (time - begins_) * Repeat::slowness; }

  const double begins_;
  const double at_;
  const CloseUp close_up_;
  Fencers fencers_;
};

}  // namespace

Result<std::unique_ptr<OverlayPiece>> OverlayPiece::begin(const types::Analysis& analysis, Look look,
                                                          double repeat_at) {
  if (analysis.width < 1 || analysis.height < 1)
    return Error{ErrorCode::video, "the overlay cannot be made: the frames have no size"};
  const Layout layout = layout_of({analysis.width, analysis.height});
  // Half the time of the next slower preset: the overlay must not hold the result up.
  auto run =
      video::H264Run::create(layout.whole.width, layout.whole.height, analysis.tracks.fps, {24, "ultrafast"});
  if (!run) return video_error(run.error());
  if (look == Look::repeat)
    return std::unique_ptr<OverlayPiece>(
        std::make_unique<RepeatPiece>(std::move(*run), analysis, layout, repeat_at));
  return std::unique_ptr<OverlayPiece>(
      std::make_unique<PhrasePiece>(std::move(*run), analysis, look, layout));
}

}  // namespace piste::artifacts
