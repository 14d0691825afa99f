// YOLO pose exports: letterboxed RGB 0..1 in planes, coordinates in pixels of the input.
#include <algorithm>
#include <cmath>

#include "pose/heads.h"

namespace piste::pose {

namespace {

constexpr std::uint8_t kShade = 114;  // what these models were trained with around the picture
constexpr int kOpenSide = 640;        // for models that leave their input size open
constexpr int kLeastSide = 32;
constexpr int kLargestYoloSide = 2048;
constexpr float kLeastConfidence = 0.25F;
constexpr float kYoloOverlap = 0.7F;
constexpr std::int64_t kColumns = 56;    // v8, v11: cx, cy, w, h, confidence, 17 x (x, y, visibility)
constexpr std::int64_t kRowValues = 57;  // YOLO26: x1, y1, x2, y2, confidence, class, 17 x (x, y, visibility)

enum class Layout { columns, rows };

bool is_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

types::BoundingBox framed(const Framing& framing, float left, float top, float right, float bottom) {
  return {framing.x(left), framing.y(top), framing.x(right), framing.y(bottom)};
}

// [1, 56, N]: value k of candidate i is values[k * N + i].
std::vector<types::Pose> read_columns(const Output& output, const Framing& framing) {
  const auto count = static_cast<std::size_t>(output.shape[2]);
  std::vector<types::Pose> poses;
  std::array<float, kColumns> person;
  for (std::size_t i = 0; i < count; ++i) {
    if (!(output.values[4 * count + i] >= kLeastConfidence)) continue;
    for (std::size_t k = 0; k < person.size(); ++k) person[k] = output.values[k * count + i];
    const auto [cx, cy, w, h, confidence] = std::array{person[0], person[1], person[2], person[3], person[4]};
    if (!is_finite(std::span(person).first(5)) || w <= 0 || h <= 0) continue;
    types::Pose pose;
    pose.keypoints = read_keypoints(std::span(person).subspan(5), {}, 1, 1, framing);
    pose.box = framed(framing, cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2);
    pose.score = std::min(confidence, 1.0F);
    poses.push_back(pose);
  }
  return poses;
}

// [1, N, 57]: a row a person, overlaps already suppressed, class 0.
std::vector<types::Pose> read_rows(const Output& output, const Framing& framing) {
  std::vector<types::Pose> poses;
  for (std::size_t at = 0; at + kRowValues <= output.values.size(); at += kRowValues) {
    const std::span<const float> row = std::span(output.values).subspan(at, kRowValues);
    if (!is_finite(row.first(6)) || row[4] < kLeastConfidence || row[5] != 0) continue;
    if (row[2] <= row[0] || row[3] <= row[1]) continue;
    types::Pose pose;
    pose.keypoints = read_keypoints(row.subspan(6), {}, 1, 1, framing);
    pose.box = framed(framing, row[0], row[1], row[2], row[3]);
    pose.score = std::min(row[4], 1.0F);
    poses.push_back(pose);
  }
  return poses;
}

class Yolo final : public Detector {
 public:
  Yolo(std::unique_ptr<Network> network, cv::Size size) : network_(std::move(network)), size_(size) {}

  Result<std::vector<types::Pose>> detect(const types::Frame& frame) const override {
    if (!is_sound(frame.image) || frame.scale <= 0) {
      return Error{ErrorCode::runtime, "the frame's image holds fewer or more bytes than its size says"};
    }
    const FramedImage boxed = letterbox(frame, size_.width, size_.height, kShade);
    auto output = network_->run({planar_floats(boxed.rgb), {1, 3, size_.height, size_.width}});
    if (!output) return output.error();
    const auto layout = layout_of(output->shape);
    if (!layout) {
      return Error{ErrorCode::runtime, "the detector gave an output of shape " + to_string(output->shape)};
    }
    return best_apart(
        *layout == Layout::columns ? read_columns(*output, boxed.framing) : read_rows(*output, boxed.framing),
        kYoloOverlap);
  }

  bool precise() const override { return true; }

 private:
  static std::optional<Layout> layout_of(const Shape& shape) {
    if (shape.size() != 3 || shape[0] != 1) return std::nullopt;
    if (shape[2] == kRowValues) return Layout::rows;
    if (shape[1] == kColumns) return Layout::columns;
    return std::nullopt;
  }

  std::unique_ptr<Network> network_;
  cv::Size size_;
};

}  // namespace

Result<std::unique_ptr<Detector>> make_yolo(std::unique_ptr<Network> network, const std::string& name) {
  const Shape& input = network->input().shape;
  const Shape& output = network->output().shape;
  const auto is_side = [](std::int64_t side) {
    return side < 0 || (side >= kLeastSide && side <= kLargestYoloSide);
  };
  if (network->input().type != ElementType::float32 || !matches(input, {1, 3, -1, -1}) ||
      !is_side(input[2]) || !is_side(input[3])) {
    return wrong_kind(name, "YOLO pose takes float32 [1, 3, H, W] with sides from 32 to 2048, this one " +
                                to_string(network->input()));
  }
  if (!matches(output, {1, kColumns, -1}) && !matches(output, {1, -1, kRowValues})) {
    return wrong_kind(name, "YOLO pose gives [1, 56, N] or [1, N, 57], this one " + to_string(output));
  }
  const cv::Size size(input[3] < 0 ? kOpenSide : static_cast<int>(input[3]),
                      input[2] < 0 ? kOpenSide : static_cast<int>(input[2]));
  return std::unique_ptr<Detector>(std::make_unique<Yolo>(std::move(network), size));
}

}  // namespace piste::pose
