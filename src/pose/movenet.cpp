// MoveNet: TensorFlow's layout (NHWC RGB bytes), coordinates relative to the input, y before x.
#include <algorithm>
#include <cmath>

#include "pose/heads.h"

namespace piste::pose {

namespace {

constexpr TripleOrder kMoveNetOrder{.x = 1, .y = 0, .score = 2};
constexpr int kStride = 32;     // MultiPose's input sizes are multiples of it
constexpr int kLongSide = 384;  // enough for boxes; the joints come from the single-pose model
constexpr int kLargestSide = 2048;
constexpr float kLeastScore = 0.12F;  // of a person
constexpr float kOverlap = 0.65F;     // fencers in a clash may overlap by half
constexpr std::int64_t kPersonValues = 56;

bool takes_bytes(const Port& input) {
  return input.type == ElementType::uint8 || input.type == ElementType::int32;
}

Input bytes_input(const Port& port, const cv::Mat& rgb) {
  Input input{{}, {1, rgb.rows, rgb.cols, 3}};
  if (port.type == ElementType::uint8) {
    input.values = interleaved_bytes(rgb);
  } else {
    input.values = interleaved_ints(rgb);
  }
  return input;
}

Error unsound() {
  return {ErrorCode::runtime, "the frame's image holds fewer or more bytes than its size says"};
}

class MoveNetSingle final : public SinglePose {
 public:
  MoveNetSingle(std::unique_ptr<Network> network, int size) : network_(std::move(network)), size_(size) {}

  Result<types::Pose> estimate(const types::Frame& frame, const types::BoundingBox& crop) const override {
    if (!is_sound(frame.image) || frame.scale <= 0) return unsound();
    if (!is_usable(frame, crop))
      return Error{ErrorCode::runtime, "the crop is empty or far outside of the frame"};
    const FramedImage cut = cut_square(frame, crop, size_);
    auto output = network_->run(bytes_input(network_->input(), cut.rgb));
    if (!output) return output.error();
    if (output->shape != Shape{1, 1, types::joint::count, 3}) return wrong_output(output->shape);
    return read(output->values, cut.framing);
  }

  static Error wrong_output(const Shape& shape) {
    return {ErrorCode::runtime, "the single-pose model gave an output of shape " + to_string(shape)};
  }

 private:
  types::Pose read(const std::vector<float>& values, const Framing& framing) const {
    const auto unit = static_cast<float>(size_);
    types::Pose pose;
    pose.keypoints = read_keypoints(values, kMoveNetOrder, unit, unit, framing);
    pose.box = extent(pose.keypoints);
    for (const types::Keypoint& point : pose.keypoints) pose.score += point.score / types::joint::count;
    return pose;
  }

  std::unique_ptr<Network> network_;
  int size_;
};

class MoveNetMulti final : public Detector {
 public:
  explicit MoveNetMulti(std::unique_ptr<Network> network) : network_(std::move(network)) {}

  Result<std::vector<types::Pose>> detect(const types::Frame& frame) const override {
    if (!is_sound(frame.image) || frame.scale <= 0) return unsound();
    const cv::Size size = input_size(frame.image);
    const FramedImage boxed = letterbox(frame, size.width, size.height, 0);
    auto output = network_->run(bytes_input(network_->input(), boxed.rgb));
    if (!output) return output.error();
    const Shape& shape = output->shape;
    if (shape.size() != 3 || shape[0] != 1 || shape[2] != kPersonValues) {
      return Error{ErrorCode::runtime, "the detector gave an output of shape " + to_string(shape)};
    }
    return read(output->values, size, boxed.framing);
  }

  bool precise() const override { return false; }

 private:
  // The model's own where it is fixed; else the frame's shape, rounded up to the stride.
  cv::Size input_size(const types::Image& image) const {
    const Shape& declared = network_->input().shape;
    const double ratio = static_cast<double>(kLongSide) / std::max(image.width, image.height);
    const auto side = [&](int pixels, std::int64_t fixed) {
      if (fixed > 0) return static_cast<int>(fixed);
      const auto scaled = static_cast<int>(std::ceil(pixels * ratio / kStride - 1e-6)) * kStride;
      return std::max(scaled, kStride);
    };
    return {side(image.width, declared[2]), side(image.height, declared[1])};
  }

  static std::vector<types::Pose> read(std::span<const float> values, const cv::Size& size,
                                       const Framing& framing) {
    const auto width = static_cast<float>(size.width);
    const auto height = static_cast<float>(size.height);
    std::vector<types::Pose> poses;
    for (std::size_t at = 0; at < values.size(); at += kPersonValues) {
      const std::span<const float> person = values.subspan(at, kPersonValues);
      const std::span<const float> box =
          person.subspan(3 * types::joint::count);  // ymin, xmin, ymax, xmax, score
      if (!std::all_of(box.begin(), box.end(), [](float v) { return std::isfinite(v); })) continue;
      if (box[4] < kLeastScore) continue;
      types::Pose pose;
      pose.keypoints = read_keypoints(person, kMoveNetOrder, width, height, framing);
      pose.box = {framing.x(box[1] * width), framing.y(box[0] * height), framing.x(box[3] * width),
                  framing.y(box[2] * height)};
      pose.score = std::min(box[4], 1.0F);
      poses.push_back(pose);
    }
    return best_apart(std::move(poses), kOverlap);
  }

  std::unique_ptr<Network> network_;
};

bool is_side(std::int64_t side) {
  return side < 0 || (side >= kStride && side <= kLargestSide);
}

}  // namespace

Result<std::unique_ptr<SinglePose>> make_movenet_single(std::unique_ptr<Network> network,
                                                        const std::string& name) {
  const Port& input = network->input();
  const Port& output = network->output();
  if (!takes_bytes(input) || !matches(input.shape, {1, -1, -1, 3}) || input.shape[1] != input.shape[2] ||
      input.shape[1] < 0 || !is_side(input.shape[1])) {
    return wrong_kind(
        name, "a single-pose model takes uint8 or int32 [1, S, S, 3] with S from 32 to 2048, this one " +
                  to_string(input));
  }
  if (!matches(output.shape, {1, 1, types::joint::count, 3})) {
    return wrong_kind(name, "a single-pose model gives [1, 1, 17, 3], this one " + to_string(output.shape));
  }
  const auto size = static_cast<int>(input.shape[1]);
  return std::unique_ptr<SinglePose>(std::make_unique<MoveNetSingle>(std::move(network), size));
}

Result<std::unique_ptr<Detector>> make_movenet_multi(std::unique_ptr<Network> network,
                                                     const std::string& name) {
  const Port& input = network->input();
  if (!takes_bytes(input) || !matches(input.shape, {1, -1, -1, 3}) || !is_side(input.shape[1]) ||
      !is_side(input.shape[2])) {
    return wrong_kind(name,
                      "MultiPose takes uint8 or int32 [1, H, W, 3] with sides from 32 to 2048, this one " +
                          to_string(input));
  }
  return std::unique_ptr<Detector>(std::make_unique<MoveNetMulti>(std::move(network)));
}

}  // namespace piste::pose
