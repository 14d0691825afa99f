// The kinds of model. Each takes a loaded network, checks that it is of its kind, and reads its outputs.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pose/estimator.h"
#include "pose/framing.h"
#include "pose/network.h"

namespace piste::pose {

// name: the model's, for messages.
Result<std::unique_ptr<SinglePose>> make_movenet_single(std::unique_ptr<Network> network,
                                                        const std::string& name);
Result<std::unique_ptr<Detector>> make_movenet_multi(std::unique_ptr<Network> network,
                                                     const std::string& name);
Result<std::unique_ptr<Detector>> make_yolo(std::unique_ptr<Network> network, const std::string& name);

// Whether a declared shape can be the wanted one; -1 in either stands for anything.
bool matches(const Shape& declared, const Shape& wanted);

Error wrong_kind(const std::string& name, const std::string& what);

// Best first, at most 20; of two that overlap by more than `overlap` (intersection over union of the boxes)
// the better one stays.
std::vector<types::Pose> best_apart(std::vector<types::Pose> poses, float overlap);

// 17 x (x, y, score) of one person in input pixels -> the received frame. order: where x, y and the score are
// in a triple. Points that are not finite are not known; scores are held to 0..1.
struct TripleOrder {
  int x = 0;
  int y = 1;
  int score = 2;
};
types::Keypoints read_keypoints(std::span<const float> triples, const TripleOrder& order, float unit_x,
                                float unit_y, const Framing& framing);

// The smallest box that holds the keypoints that are known.
types::BoundingBox extent(const types::Keypoints& keypoints);

}  // namespace piste::pose
