#include "pose_accuracy.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

namespace piste::bench {

namespace {

namespace json = boost::json;
using types::Keypoint;
using types::Keypoints;

double distance(const Keypoint& a, const Keypoint& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

Keypoint middle(const Keypoint& a, const Keypoint& b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2, 1};
}

double torso(const Keypoints& k) {
  using namespace types::joint;
  return distance(middle(k[left_shoulder], k[right_shoulder]), middle(k[left_hip], k[right_hip]));
}

Keypoints read_keypoints(const json::value& points) {
  Keypoints keypoints;
  for (std::size_t i = 0; i < keypoints.size(); ++i) {
    const json::array& point = points.at(i).as_array();
    keypoints[i] = {point.at(0).to_number<float>(), point.at(1).to_number<float>(), 1};
  }
  return keypoints;
}

// Null where the fencer, or the joint, was not seen.
Keypoints seen_keypoints(const json::value& joints) {
  Keypoints keypoints;
  if (joints.is_null()) return keypoints;
  for (std::size_t i = 0; i < keypoints.size(); ++i) {
    if (joints.at(i).is_null()) continue;
    keypoints[i] = {joints.at(i).at(0).to_number<float>(), joints.at(i).at(1).to_number<float>(), 1};
  }
  return keypoints;
}

// Whether the skeleton is this fencer's: half of its joints are within a torso of where they should be.
bool lies_on(const Keypoints& found, const Keypoints& reference) {
  std::size_t near = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    near += found[i].score > 0 && distance(found[i], reference[i]) < torso(reference) ? 1 : 0;
  }
  return 2 * near > found.size();
}

void count(const Keypoints& found, const Keypoints& reference, Accuracy& accuracy) {
  const double limit = 0.2 * torso(reference);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double error = found[i].score > 0 ? distance(found[i], reference[i]) : torso(reference);
    accuracy.joints += 1;
    accuracy.correct += error < limit ? 1 : 0;
    accuracy.error_sum += error;
  }
}

}  // namespace

base::Result<Reference, int> read_reference(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  try {
    const json::value document = json::parse(text);
    Reference reference;
    for (const json::value& frame : document.at("keypoints").as_array()) {
      reference.frames.push_back({read_keypoints(frame.at(0)), read_keypoints(frame.at(1))});
    }
    reference.last_reliable = reference.frames.size();
    if (const json::value* range = document.as_object().if_contains("reliable_frames")) {
      reference.last_reliable = range->at(1).to_number<std::size_t>();
    }
    return reference;
  } catch (const std::exception& error) {
    return base::Error<int>{0, file.filename().string() + " cannot be read: " + error.what()};
  }
}

std::vector<Fencers> keypoints_in(const std::string& result_json) {
  const json::value result = json::parse(result_json);
  const json::value& keypoints = result.at("keypoints");
  const auto& left = keypoints.at("left").as_array();
  const auto& right = keypoints.at("right").as_array();
  std::vector<Fencers> found;
  for (std::size_t i = 0; i < left.size(); ++i)
    found.push_back({seen_keypoints(left[i]), seen_keypoints(right[i])});
  return found;
}

Accuracy compare(const Reference& reference, const std::vector<Fencers>& found) {
  Accuracy accuracy;
  const std::size_t frames = std::min({reference.last_reliable + 1, reference.frames.size(), found.size()});
  for (std::size_t i = 0; i < frames; ++i) {
    bool both = true;
    for (const types::Side side : types::both_sides) {
      both = both && lies_on(found[i][side], reference.frames[i][side]);
      count(found[i][side], reference.frames[i][side], accuracy);
    }
    accuracy.frames += 1;
    accuracy.both_found += both ? 1 : 0;
  }
  return accuracy;
}

}  // namespace piste::bench
