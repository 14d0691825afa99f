// Images -> poses. Models are ONNX files told apart by their inputs and outputs: MoveNet single pose
// (Thunder, Lightning), MoveNet MultiPose, YOLO pose v8/v11 ([1,56,N]) and YOLO26 end-to-end ([1,300,57]).
//
// Coordinates in and out are pixels of the received frame: Frame::scale is taken into account.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "types/frame.h"
#include "types/pose.h"

namespace piste::pose {

enum class ErrorCode {
  model,     // the file is missing, not ONNX, or not of a kind that is known
  provider,  // the ONNX Runtime at hand does not have the execution provider
  runtime,   // ONNX Runtime failed
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

struct ModelFiles {
  std::filesystem::path detector;  // MultiPose or YOLO pose
  std::filesystem::path single;    // Thunder or Lightning; empty: the detector's keypoints are used (YOLO)
};

struct RuntimeOptions {
  std::string provider = "cpu";  // cpu, cuda, tensorrt, openvino
  int threads = 1;               // inside one inference; several inferences run beside each other instead
};

// Finds every person in the whole frame. detect() may be called by several threads at once.
class Detector {
 public:
  static Result<std::unique_ptr<Detector>> load(const std::filesystem::path& model,
                                                const RuntimeOptions& options);
  virtual ~Detector() = default;
  // Best first, at most 20, overlaps suppressed.
  virtual Result<std::vector<types::Pose>> detect(const types::Frame& frame) const = 0;
  // True when the keypoints are good enough to be used without the single-pose model (YOLO).
  virtual bool precise() const = 0;
};

// One person inside a square crop. estimate() may be called by several threads at once.
class SinglePose {
 public:
  static Result<std::unique_ptr<SinglePose>> load(const std::filesystem::path& model,
                                                  const RuntimeOptions& options);
  virtual ~SinglePose() = default;
  // crop: need not be inside the frame (outside is black); made square around its centre.
  virtual Result<types::Pose> estimate(const types::Frame& frame, const types::BoundingBox& crop) const = 0;
};

}  // namespace piste::pose
