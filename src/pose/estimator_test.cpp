#include "pose/estimator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/imgproc.hpp>
#include <thread>

namespace piste::pose {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::filesystem::path kTestModels = PISTE_SOURCE_DIR "/src/pose/testdata";

types::Frame dark_frame(int width, int height, double scale = 1) {
  types::Frame frame;
  frame.scale = scale;
  frame.image = {width, height, types::Bytes(static_cast<std::size_t>(width) * height * 3)};
  return frame;
}

// A red dot, 9 pixels across, whose middle is at (x, y); distractors in the other colours are brighter.
types::Frame dot_frame(int width, int height, int x, int y, double scale = 1) {
  types::Frame frame = dark_frame(width, height, scale);
  cv::Mat image(height, width, CV_8UC3, frame.image.bgr.data());
  cv::circle(image, {width / 8, height / 8}, 6, {255, 255, 0}, -1);
  cv::circle(image, {x, y}, 4, {0, 0, 200}, -1);
  return frame;
}

std::unique_ptr<Detector> detector(const std::string& name) {
  auto loaded = Detector::load(kTestModels / name, {});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return std::move(loaded).value();
}

std::unique_ptr<SinglePose> single(const std::string& name) {
  auto loaded = SinglePose::load(kTestModels / name, {});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return std::move(loaded).value();
}

template <class Model>
Error refusal(const std::filesystem::path& file, const RuntimeOptions& options = {}) {
  auto loaded = Model::load(file, options);
  if (loaded) {
    ADD_FAILURE() << file.filename() << " was taken";
    return {ErrorCode::runtime, ""};
  }
  EXPECT_THAT(loaded.error().message, Not(HasSubstr(file.parent_path().string())));
  return loaded.error();
}

// --- single pose ---

// "yolo_rows.onnx" -> "yolo_rows": the name of a parameterised test.
std::string stem(const testing::TestParamInfo<const char*>& info) {
  return std::filesystem::path(info.param).stem().string();
}

class SingleModels : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Inputs, SingleModels, testing::Values("single.onnx", "single_int32.onnx"), stem);

TEST_P(SingleModels, ADotInTheCropComesBackWhereItWasDrawn) {
  const auto model = single(GetParam());
  const auto pose = model->estimate(dot_frame(640, 360, 300, 200), {236, 136, 364, 264});
  ASSERT_TRUE(pose) << pose.error().message;
  for (const types::Keypoint& point : pose->keypoints) {
    EXPECT_NEAR(point.x, 300.5, 4);  // the model sees 128 pixels as 64
    EXPECT_NEAR(point.y, 200.5, 4);
    EXPECT_NEAR(point.score, 200 / 255.0, 0.02);
  }
  EXPECT_NEAR(pose->score, 200 / 255.0, 0.02);
}

TEST_P(SingleModels, ACropReachingOverTheEdgeKeepsItsPlace) {
  const auto model = single(GetParam());
  const auto pose = model->estimate(dot_frame(640, 360, 20, 340), {-60, 290, 68, 418});
  ASSERT_TRUE(pose) << pose.error().message;
  EXPECT_NEAR(pose->keypoints[0].x, 20.5, 4);
  EXPECT_NEAR(pose->keypoints[0].y, 340.5, 4);
}

TEST_P(SingleModels, AFrameDecodedAtHalfSizeGivesReceivedPixels) {
  const auto model = single(GetParam());
  const auto pose = model->estimate(dot_frame(320, 180, 150, 100, 0.5), {236, 136, 364, 264});
  ASSERT_TRUE(pose) << pose.error().message;
  EXPECT_NEAR(pose->keypoints[0].x, 301, 8);
  EXPECT_NEAR(pose->keypoints[0].y, 201, 8);
}

TEST(SinglePose, RefusesACropThatIsNone) {
  const auto model = single("single.onnx");
  const auto pose = model->estimate(dark_frame(64, 64), {30, 30, 20, 20});
  ASSERT_FALSE(pose);
  EXPECT_EQ(pose.error().code, ErrorCode::runtime);
}

TEST(SinglePose, RefusesAnImageThatIsShorterThanItSays) {
  const auto model = single("single.onnx");
  types::Frame frame = dark_frame(64, 64);
  frame.image.bgr.resize(100);
  EXPECT_FALSE(model->estimate(frame, {0, 0, 64, 64}));
}

// --- detectors ---

TEST(MultiPose, ADotComesBackWhereItWasDrawnAndOverlapsAreSuppressed) {
  const auto model = detector("multi.onnx");
  EXPECT_FALSE(model->precise());
  const auto poses = model->detect(dot_frame(1280, 720, 901, 333));
  ASSERT_TRUE(poses) << poses.error().message;
  ASSERT_EQ(poses->size(), 2U);  // the double, the unsure one and the one that is not a number are gone
  EXPECT_GE((*poses)[0].score, (*poses)[1].score);
  const types::Pose& dot = (*poses)[1];
  EXPECT_NEAR(dot.score, 0.9, 1e-5);
  for (const types::Keypoint& point : dot.keypoints) {
    EXPECT_NEAR(point.x, 901.5, 6);
    EXPECT_NEAR(point.y, 333.5, 6);
  }
  EXPECT_NEAR((dot.box.left + dot.box.right) / 2, 901.5, 6);
  EXPECT_NEAR(dot.box.width(), 0.2 * 1280, 3);
  EXPECT_NEAR(dot.box.height(), 0.2 * 224 / 384 * 1280, 3);  // of the input, bars included
}

TEST(MultiPose, KeepsTheShapeOfTallFrames) {
  const auto model = detector("multi.onnx");
  const auto poses = model->detect(dot_frame(720, 1280, 333, 901));
  ASSERT_TRUE(poses) << poses.error().message;
  EXPECT_NEAR(poses->at(1).keypoints[3].x, 333.5, 6);
  EXPECT_NEAR(poses->at(1).keypoints[3].y, 901.5, 6);
}

TEST(MultiPose, KeypointsThatWereNotSeenHaveNoScore) {
  const auto model = detector("multi.onnx");
  const auto poses = model->detect(dark_frame(640, 360));
  ASSERT_TRUE(poses);
  EXPECT_EQ(poses->at(1).keypoints[0].score, 0);
}

class YoloModels : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Layouts, YoloModels,
                         testing::Values("yolo_columns.onnx", "yolo_open_size.onnx", "yolo_rows.onnx"), stem);

TEST_P(YoloModels, ADotComesBackWhereItWasDrawn) {
  const auto model = detector(GetParam());
  EXPECT_TRUE(model->precise());
  const auto poses = model->detect(dot_frame(320, 180, 222, 77));
  ASSERT_TRUE(poses) << poses.error().message;
  ASSERT_GE(poses->size(), 1U);
  const types::Pose& best = poses->front();
  EXPECT_NEAR(best.score, 0.9, 1e-5);
  EXPECT_NEAR(best.keypoints[types::joint::right_ankle].x, 222.5, 5);
  EXPECT_NEAR(best.keypoints[types::joint::right_ankle].y, 77.5, 5);
  EXPECT_NEAR(best.keypoints[0].score, 0.8, 1e-5);
  EXPECT_NEAR((best.box.left + best.box.right) / 2, 222.5, 5);
  EXPECT_NEAR(best.box.height() / best.box.width(), 1.5, 0.01);
}

TEST(Yolo, OverlapsAreSuppressedAndTheBarsAreOfTheShadeItKnows) {
  const auto poses = detector("yolo_columns.onnx")->detect(dot_frame(320, 180, 222, 77));
  ASSERT_TRUE(poses);
  ASSERT_EQ(poses->size(), 2U);
  EXPECT_NEAR(poses->at(1).score, 114 / 255.0, 1e-4);
}

TEST(Yolo, EndToEndRowsOfOtherClassesAndWithoutSizeAreLeftOut) {
  const auto poses = detector("yolo_rows.onnx")->detect(dot_frame(320, 180, 222, 77));
  ASSERT_TRUE(poses);
  EXPECT_EQ(poses->size(), 1U);
}

TEST(Detector, ManyThreadsGetTheirOwnAnswers) {
  const auto model = detector("multi.onnx");
  std::vector<float> found(8);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const types::Frame frame = dot_frame(640, 360, 200 + 50 * i, 200);
        for (int round = 0; round < 20; ++round) found[i] = model->detect(frame).value().at(1).keypoints[0].x;
      });
    }
  }
  for (int i = 0; i < 8; ++i) EXPECT_NEAR(found[i], 200.5 + 50 * i, 4);
}

// --- files that are refused ---

TEST(Load, NamesAMissingFileWithoutItsPath) {
  const Error error = refusal<Detector>(kTestModels / "absent.onnx");
  EXPECT_EQ(error.code, ErrorCode::model);
  EXPECT_THAT(error.message, HasSubstr("absent.onnx"));
}

TEST(Load, RefusesAFolder) {
  EXPECT_EQ(refusal<Detector>(kTestModels).code, ErrorCode::model);
}

TEST(Load, RefusesBytesThatAreNoModel) {
  const auto file = std::filesystem::path(testing::TempDir()) / "not_a_model.onnx";
  std::ofstream(file) << "certainly not ONNX";
  EXPECT_EQ(refusal<SinglePose>(file).code, ErrorCode::model);
  std::ofstream(file, std::ios::trunc).close();
  EXPECT_EQ(refusal<SinglePose>(file).code, ErrorCode::model);
}

TEST(Load, RefusesATruncatedModel) {
  std::ifstream source(kTestModels / "multi.onnx", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(source)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(bytes.empty());
  const auto file = std::filesystem::path(testing::TempDir()) / "truncated.onnx";
  std::ofstream(file, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(refusal<Detector>(file).code, ErrorCode::model);
}

TEST(Load, SaysWhatWouldBeRightOfAModelOfAnotherKind) {
  const Error error = refusal<Detector>(kTestModels / "classifier.onnx");
  EXPECT_EQ(error.code, ErrorCode::model);
  EXPECT_THAT(error.message, HasSubstr("[1, 56, N]"));
  EXPECT_THAT(error.message, HasSubstr("[1, 1000]"));
  EXPECT_THAT(refusal<Detector>(kTestModels / "bytes_yolo.onnx").message, HasSubstr("takes float32"));
}

TEST(Load, DoesNotConfuseDetectorAndSinglePose) {
  EXPECT_THAT(refusal<Detector>(kTestModels / "single.onnx").message, HasSubstr("all persons"));
  EXPECT_THAT(refusal<SinglePose>(kTestModels / "multi.onnx").message, HasSubstr("single-pose"));
  EXPECT_THAT(refusal<SinglePose>(kTestModels / "yolo_rows.onnx").message, HasSubstr("single-pose"));
}

TEST(Load, TriesAModelWhoseShapesAreOpen) {
  EXPECT_EQ(refusal<Detector>(kTestModels / "lying_yolo.onnx").code, ErrorCode::model);
  EXPECT_EQ(refusal<Detector>(kTestModels / "lying_multi.onnx").code, ErrorCode::model);
}

TEST(Load, RefusesAbsurdInputSizes) {
  EXPECT_THAT(refusal<Detector>(kTestModels / "huge_input.onnx").message, HasSubstr("2048"));
}

TEST(Load, NamesAProviderThatIsNotKnownOrNotThere) {
  const Error unknown = refusal<Detector>(kTestModels / "multi.onnx", {.provider = "abacus"});
  EXPECT_EQ(unknown.code, ErrorCode::provider);
  EXPECT_THAT(unknown.message, HasSubstr("cpu, cuda, tensorrt, openvino"));
  for (const char* name : {"cuda", "tensorrt", "openvino"}) {
    auto loaded = Detector::load(kTestModels / "multi.onnx", {.provider = name});
    if (loaded) continue;  // this ONNX Runtime has it
    EXPECT_EQ(loaded.error().code, ErrorCode::provider);
    EXPECT_THAT(loaded.error().message, HasSubstr(name));
  }
}

}  // namespace
}  // namespace piste::pose
