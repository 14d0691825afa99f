#include <cmath>
#include <opencv2/imgproc.hpp>

#include "artifacts/artifacts.h"
#include "artifacts/scene.h"
#include "video/writer.h"

namespace piste::artifacts {
namespace {

constexpr int widest = 1280;  // pixels; wider pictures are drawn at half size
constexpr double hold = 2.5;  // s, that the verdict stays after the last frame
constexpr double fade = .3;   // s, in which it appears
constexpr double fade_steps = 8;
constexpr double hold_step = .5;  // s, between the pictures of it

Error video_error(const video::Error& error) {
  return {error.code == video::ErrorCode::io ? ErrorCode::io : ErrorCode::video,
          "the overlay cannot be made: " + error.message};
}

cv::Size picture_size(const types::Analysis& analysis) {
  const int divisor = analysis.width > widest ? 2 : 1;
  return {(analysis.width + divisor - 1) / divisor, (analysis.height + divisor - 1) / divisor};
}

// Draws into one picture of its own, so that the caller's frames stay as they are and the last one is there
// to lay the verdict over.
class ScenePiece final : public OverlayPiece {
 public:
  ScenePiece(std::unique_ptr<video::H264Run> run, const types::Analysis& analysis, Look look, cv::Size size)
      : run_(std::move(run)), step_(1 / analysis.tracks.fps), scene_(analysis, look, size) {
    picture_.width = size.width;
    picture_.height = size.height;
    picture_.bgr.resize(static_cast<std::size_t>(size.area()) * 3);
  }

  Result<base::Done> write(const types::Frame& frame) override {
    if (!(frame.time >= 0)) return Error{ErrorCode::video, "a frame's time is out of range"};
    cv::Mat3b picture = pixels();
    if (!take_picture(frame.image, picture)) return Error{ErrorCode::video, "a frame has no picture"};
    if (!has_frame_) scene_.begin(frame.time);
    scene_.draw(picture, frame.time, frame.number);
    last_time_ = frame.time;
    has_frame_ = true;
    return put(frame.time);
  }

  // A few pictures fade the card in; then it stands, and a picture now and then is enough.
  Result<base::Done> hold_verdict() override {
    if (!has_frame_) return Error{ErrorCode::video, "the overlay has no frame"};
    const types::Image last = picture_;
    const double start = last_time_ + step_;
    const auto show = [&](double opacity, double time) {
      picture_.bgr = last.bgr;
      cv::Mat3b picture = pixels();
      scene_.draw_verdict(picture, opacity);
      return put(time);
    };
    for (double i = 1; i <= fade_steps; ++i) {
      if (auto shown = show(i / fade_steps, start + fade * (i - 1) / fade_steps); !shown) return shown;
    }
    for (double after = fade; after < hold; after += hold_step) {
      if (auto shown = put(start + after); !shown) return shown;
    }
    return put(start + hold);
  }

  Result<std::unique_ptr<video::H264Run>> finish() override {
    if (!has_frame_) return Error{ErrorCode::video, "the overlay has no frame"};
    if (auto finished = run_->finish(); !finished) return video_error(finished.error());
    return std::move(run_);
  }

 private:
  cv::Mat3b pixels() {
    return {picture_.height, picture_.width, reinterpret_cast<cv::Vec3b*>(picture_.bgr.data())};
  }

  static bool take_picture(const types::Image& image, cv::Mat3b& picture) {
    const auto expected = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3;
    if (image.bgr.empty() || image.bgr.size() != expected) return false;
    const cv::Mat3b source(image.height, image.width,
                           reinterpret_cast<cv::Vec3b*>(const_cast<std::uint8_t*>(image.bgr.data())));
    const bool smaller = picture.cols < source.cols;
    cv::resize(source, picture, picture.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    return true;
  }

  Result<base::Done> put(double time) {
    auto written = run_->write(picture_, time);
    if (!written) return video_error(written.error());
    return base::Done{};
  }

  std::unique_ptr<video::H264Run> run_;
  const double step_;  // s, between frames
  Scene scene_;
  types::Image picture_;
  double last_time_ = 0;
  bool has_frame_ = false;
};

}  // namespace

Result<std::unique_ptr<OverlayPiece>> OverlayPiece::begin(const types::Analysis& analysis, Look look) {
  const cv::Size size = picture_size(analysis);
  // Half the time of the next slower preset: the overlay must not hold the result up.
  auto run = video::H264Run::create(size.width, size.height, analysis.tracks.fps, {24, "ultrafast"});
  if (!run) return video_error(run.error());
  return std::unique_ptr<OverlayPiece>(std::make_unique<ScenePiece>(std::move(*run), analysis, look, size));
}

}  // namespace piste::artifacts
