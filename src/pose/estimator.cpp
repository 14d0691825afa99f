#include "pose/estimator.h"

#include "pose/heads.h"

namespace piste::pose {

namespace {

constexpr int kTrialSide = 64;

types::Frame blank_frame() {
  types::Frame frame;
  frame.image = {kTrialSide, kTrialSide, types::Bytes(kTrialSide * kTrialSide * 3)};
  return frame;
}

// Declared shapes may be open, so the promise is tried once: a model that gives something else is refused at
// load and not in the middle of a phrase.
Error failed_trial(const std::string& name, const Error& error) {
  return wrong_kind(name, error.message);
}

}  // namespace

Result<std::unique_ptr<Detector>> Detector::load(const std::filesystem::path& model,
                                                 const RuntimeOptions& options) {
  const std::string name = model.filename().string();
  auto network = Network::load(model, options);
  if (!network) return network.error();
  if (matches((*network)->output().shape, {1, 1, types::joint::count, 3})) {
    return wrong_kind(name, "it finds one pose in a crop; the detector must find all persons in a frame");
  }
  const Shape& input = (*network)->input().shape;
  const bool channels_last = input.size() == 4 && input[3] == 3;
  auto detector =
      channels_last ? make_movenet_multi(std::move(*network), name) : make_yolo(std::move(*network), name);
  if (!detector) return detector.error();
  if (auto trial = (*detector)->detect(blank_frame()); !trial) return failed_trial(name, trial.error());
  return detector;
}

Result<std::unique_ptr<SinglePose>> SinglePose::load(const std::filesystem::path& model,
                                                     const RuntimeOptions& options) {
  const std::string name = model.filename().string();
  auto network = Network::load(model, options);
  if (!network) return network.error();
  auto single = make_movenet_single(std::move(*network), name);
  if (!single) return single.error();
  if (auto trial = (*single)->estimate(blank_frame(), {0, 0, kTrialSide, kTrialSide}); !trial) {
    return failed_trial(name, trial.error());
  }
  return single;
}

}  // namespace piste::pose
