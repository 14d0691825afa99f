// What was seen of both fencers, frame by frame, in order of time whatever the order of arrival.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "types/pose.h"
#include "types/side.h"

namespace piste::tracking {

struct Sighting {
  bool seen = false;
  bool reliable = false;
  types::Keypoints keypoints{};
  types::BoundingBox box;  // of the body, when seen
  float score = 0;         // mean of the keypoints'
  float doubt = 0;         // 0..1, that he is the fencer
};

struct Observation {
  std::int64_t number = 0;
  double time = 0;
  types::PerSide<Sighting> of;
};

class History {
 public:
  void add(const Observation& observation);
  // The fencer was somebody else from this time on.
  void forget(types::Side side, double from);
  // From this time on each fencer was the other one.
  void exchange(double from);
  // Where the fencer must have been, between the nearest sightings around this time; nullopt where none is
  // near.
  std::optional<types::BoundingBox> box_at(types::Side side, double time) const;
  // What was before this time is of no use any more.
  void drop(double before);
  // In order of time, from this one on; valid until the next change.
  std::span<const Observation> since(double time) const;

 private:
  std::vector<Observation> observations_;
};

}  // namespace piste::tracking
